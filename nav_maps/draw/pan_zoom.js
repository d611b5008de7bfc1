// Drag, pinch, wheel, double tap and keys move the map in an <svg class="map">; words that fit the scale are shown.
// window.panZoom(svg) makes one movable and returns {whole, back, by}; every .map with data-pan is made so by itself.
(() => {
  "use strict";
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  window.panZoom = (svg) => {
    const first = box(svg.getAttribute("viewBox"));
    const whole = box(svg.dataset.whole || svg.getAttribute("viewBox"));
    const scale = Number(svg.dataset.scale) || 1;      // pixels a metre, of the words' first size
    let view = { ...first }, run = 0;
    const fingers = new Map();
    svg.style.touchAction = "none";
    svg.tabIndex = 0;

    function box(text) {
      const [x, y, w, h] = text.split(/\s+/).map(Number);
      return { x, y, w, h };
    }
    function show(next) {
      const least = whole.w / 40, most = whole.w * 1.3;
      const w = Math.min(most, Math.max(least, next.w)), h = w * first.h / first.w;
      const x = next.x + (next.w - w) / 2, y = next.y + (next.h - h) / 2;
      view = { w, h,
        x: Math.min(whole.x + whole.w - w / 4, Math.max(whole.x - w * 3 / 4, x)),
        y: Math.min(whole.y + whole.h - h / 4, Math.max(whole.y - h * 3 / 4, y)) };
      svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
      const near = svg.clientWidth / view.w * 10 / scale;
      svg.dataset.z = near >= 3.6 ? "4" : near >= 1.8 ? "2" : "1";
    }
    function glide(to, ms = 260) {
      cancelAnimationFrame(run);
      if (still.matches) return show(to);
      const from = { ...view }, began = performance.now();
      const step = (now) => {
        const t = Math.min(1, (now - began) / ms), e = 1 - (1 - t) ** 3;
        show({ x: from.x + (to.x - from.x) * e, y: from.y + (to.y - from.y) * e,
               w: from.w + (to.w - from.w) * e, h: from.h + (to.h - from.h) * e });
        if (t < 1) run = requestAnimationFrame(step);
      };
      run = requestAnimationFrame(step);
    }
    function at(clientX, clientY) {
      const r = svg.getBoundingClientRect();
      return { x: view.x + (clientX - r.left) / r.width * view.w, y: view.y + (clientY - r.top) / r.height * view.h };
    }
    function around(point, factor) {
      return { x: point.x - (point.x - view.x) / factor, y: point.y - (point.y - view.y) / factor, w: view.w / factor, h: view.h / factor };
    }
    const middle = () => ({ x: view.x + view.w / 2, y: view.y + view.h / 2 });

    svg.addEventListener("pointerdown", (event) => {
      cancelAnimationFrame(run);
      fingers.set(event.pointerId, event);
      svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const others = [...fingers.values()].filter((each) => each.pointerId !== event.pointerId);
      if (others.length) {
        const [other] = others;
        const gap = (a) => Math.hypot(a.clientX - other.clientX, a.clientY - other.clientY) || 1;
        show(around(at((event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2), gap(event) / gap(before)));
      } else {
        const a = at(before.clientX, before.clientY), b = at(event.clientX, event.clientY);
        show({ ...view, x: view.x + a.x - b.x, y: view.y + a.y - b.y });
      }
      fingers.set(event.pointerId, event);
    });
    for (const kind of ["pointerup", "pointercancel"]) svg.addEventListener(kind, (event) => fingers.delete(event.pointerId));
    svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      show(around(at(event.clientX, event.clientY), Math.exp(-event.deltaY / 400)));
    }, { passive: false });
    svg.addEventListener("dblclick", (event) => glide(around(at(event.clientX, event.clientY), 2)));
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (step) glide({ ...view, x: view.x + step[0] * view.w / 5, y: view.y + step[1] * view.h / 5 }, 120);
      else if (event.key === "+" || event.key === "=") glide(around(middle(), 1.5), 120);
      else if (event.key === "-") glide(around(middle(), 1 / 1.5), 120);
      else if (event.key === "0") glide(first);
      else return;
      event.preventDefault();
    });
    show(first);
    return { whole: () => glide({ ...whole, h: whole.w * first.h / first.w, y: whole.y + (whole.h - whole.w * first.h / first.w) / 2 }),
             back: () => glide(first), by: (factor) => glide(around(middle(), factor)) };
  };
  for (const svg of document.querySelectorAll("svg.map[data-pan]")) window.panZoom(svg);
})();
