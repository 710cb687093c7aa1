/* The same figure that the server drew, from the same specification, with hover and zoom. Drawn without eval, for the page's policy. */

const VENDOR = new URL("../../vendor/vega/", import.meta.url);

function script(name) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = new URL(name, VENDOR).href;
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
}

let loading = null;
function vega() {
  loading ??= script("vega.min.js")
    .then(() => script("vega-lite.min.js"))
    .then(() => import(new URL("vega-interpreter.js", VENDOR).href));
  return loading;
}

/** The specification with its colours as the page has them now: `usermeta.palette` maps each colour to the property that holds it. */
function inColoursOfThePage(text, style) {
  const palette = JSON.parse(text).usermeta?.palette ?? {};
  return Object.entries(palette).reduce((out, [colour, property]) => out.replaceAll(`"${colour}"`, JSON.stringify(resolved(style, property))), text);
}

function resolved(style, property) {
  const probe = document.createElement("i");
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour || style.getPropertyValue(property);
}

function tip() {
  const box = document.createElement("div");
  box.className = "plot-tip";
  box.hidden = true;
  document.body.append(box);
  return (_handler, event, _item, value) => {
    box.replaceChildren();
    box.hidden = value == null || value === "";
    if (box.hidden) return;
    const rows = typeof value === "object" ? Object.entries(value) : [["", String(value)]];
    for (const [name, text] of rows) {
      const left = document.createElement("span");
      const right = document.createElement("strong");
      left.textContent = name;
      right.textContent = String(text);
      box.append(left, right);
    }
    box.style.left = `${Math.min(event.clientX + 14, innerWidth - box.offsetWidth - 8)}px`;
    box.style.top = `${Math.max(8, event.clientY - box.offsetHeight - 14)}px`;
  };
}

export async function explore(figure) {
  const plot = figure.querySelector(".plot");
  const drawn = plot.querySelector("svg");
  const [{ expressionInterpreter }, answer] = await Promise.all([vega(), fetch(figure.dataset.spec, { credentials: "same-origin" })]);
  if (!answer.ok) return;
  const text = await answer.text();
  const holder = document.createElement("div");
  holder.setAttribute("aria-hidden", "true");
  const show = tip();
  let view = null;
  const draw = async () => {
    view?.finalize();
    const spec = JSON.parse(inColoursOfThePage(text, getComputedStyle(figure)));
    spec.width = Math.max(200, Math.round(spec.width * (drawn.clientWidth || plot.clientWidth) / Number(drawn.getAttribute("width"))));
    const compiled = window.vegaLite.compile(spec).spec;
    view = new window.vega.View(window.vega.parse(compiled, null, { ast: true }), { expr: expressionInterpreter, renderer: "canvas", container: holder, hover: true });
    view.tooltip(show);
    await view.runAsync();
  };
  plot.append(holder);
  await draw();
  drawn.classList.add("visually-hidden");
  figure.dataset.interactive = "";
  document.addEventListener("holdfast:appearance", draw);
}
