"""History for staff: search visits across days, and read the full story of one."""

from fastapi import APIRouter

router = APIRouter()
