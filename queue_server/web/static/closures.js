// Closing lifts and corridors: one button each; the list is loaded again after it.
const note = document.getElementById("note");

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-closure]");
  if (!button) return;
  button.disabled = true;
  const feature = encodeURIComponent(button.closest("li").dataset.feature);
  const closes = button.dataset.closure === "close";
  const body = { zh: document.getElementById("zh").value, en: document.getElementById("en").value };
  try {
    const answer = await fetch(`/api/v1/closures/${feature}${closes ? "" : "/open"}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(closes ? body : {}),
    });
    if (answer.ok) { location.reload(); return; }
  } catch { /* said below */ }
  note.textContent = note.dataset.failed;
  note.hidden = false;
  button.disabled = false;
});
