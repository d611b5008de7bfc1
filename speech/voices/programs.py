"""Runs a program that reads text and writes a WAV sound."""

import subprocess
from collections.abc import Sequence
from typing import Final

from speech.errors import BadSound, NoVoice
from speech.sound import Sound, from_wav

LONGEST_S: Final = 20.0


def sound_of(program: str, arguments: Sequence[str], text: str) -> Sound:
    """What the program makes of `text`, given on its standard input.

    Raises:
        NoVoice: it is not there, failed, took too long, or gave no sound.
    """
    try:
        done = subprocess.run(
            [program, *arguments],
            input=text.encode(),
            capture_output=True,
            timeout=LONGEST_S,
            check=True,
        )
        return from_wav(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise NoVoice(f"{program} took longer than {LONGEST_S:.0f} s.") from error
    except subprocess.CalledProcessError as error:
        why = error.stderr.decode(errors="replace").strip().splitlines()
        raise NoVoice(f"{program} failed: {why[-1] if why else error.returncode}.") from error
    except (OSError, BadSound) as error:
        raise NoVoice(f"{program} gave no sound: {error}") from error
