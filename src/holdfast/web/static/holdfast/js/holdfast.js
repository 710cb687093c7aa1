/* What every page does where scripts run. Everything here has a way without: see each part. */

const live = document.getElementById("live");

/** Say something to whoever cannot see that the page changed; shown for a moment too. */
export function announce(text) {
  if (!live) return;
  const line = document.createElement("p");
  line.textContent = text;
  live.append(line);
  setTimeout(() => line.remove(), 6000);
}

/* Theme and density: the form works by itself; here it takes effect without loading the page again. */
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-preference]");
  const button = event.submitter;
  if (!form || !button?.name) return;
  event.preventDefault();
  const body = new FormData(form);
  body.append(button.name, button.value);
  const response = await fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
  if (!response.ok && response.type !== "opaqueredirect") return form.submit();
  document.documentElement.dataset[button.name] = button.value;
  for (const other of document.querySelectorAll(`form[data-preference] button[name="${button.name}"]`)) {
    other.setAttribute("aria-pressed", String(other.value === button.value));
  }
  announce(`${button.textContent.trim()} is on.`);
  document.dispatchEvent(new CustomEvent("holdfast:appearance"));
});

/* Dialogs open by `command` and `commandfor`; browsers without them get this. */
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (!dialog) return;
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    else dialog.close();
  });
}

/* A click on the shade closes a dialog. */
document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLDialogElement) event.target.close();
});

/* Copy what a button names. Without scripts the text is there to select. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const text = button.dataset.copy === "address" ? location.href : button.dataset.copy;
  await navigator.clipboard.writeText(text);
  announce("Copied.");
});

/* A filter takes effect as it is chosen; its button stays for whoever has no scripts. */
for (const button of document.querySelectorAll("form[data-instant] button[data-apply]")) button.hidden = true;

/* `/` (unless somebody is writing) and Ctrl or Cmd K open the palette, and so does what leads to the search page. */
const palette = document.getElementById("palette");

function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  const box = palette.querySelector("input");
  box.select();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input, textarea, select, [contenteditable]");
  const isK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
  if (!palette || !(isSlash || isK) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  openPalette();
});

document.addEventListener("click", (event) => {
  if (!palette || !event.target.closest("[data-opens=palette]") || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  document.getElementById("rail")?.hidePopover?.();
  openPalette();
});

/* In the palette, arrows walk through the lines, and Enter in the box opens the first. */
palette?.addEventListener("keydown", (event) => {
  const lines = [...palette.querySelectorAll(".options a")];
  const box = palette.querySelector("input");
  const here = lines.indexOf(document.activeElement);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const next = here + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? box : lines[Math.min(next, lines.length - 1)])?.focus();
  } else if (event.key === "Enter" && document.activeElement === box && lines.length) {
    event.preventDefault();
    lines[0].click();
  }
});

/* After a swap: say what the new part says of itself, and put the focus where it asks. */
document.addEventListener("htmx:after:swap", () => {
  const said = document.querySelector("[data-announce]");
  if (said) announce(said.dataset.announce);
});

/* A figure becomes interactive when somebody turns to it. */
for (const figure of document.querySelectorAll("figure[data-spec]")) {
  const wake = async () => {
    figure.removeEventListener("pointerenter", wake);
    figure.removeEventListener("focusin", wake);
    const { explore } = await import("./figure.js");
    explore(figure);
  };
  figure.addEventListener("pointerenter", wake);
  figure.addEventListener("focusin", wake);
}
