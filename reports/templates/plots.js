// Draws the figures of a load with uPlot, from the JSON beside each plot, and again when light, width or paper changes.
(function () {
  "use strict";
  const PAPER = { ink: "#000000", soft: "#444444", rule: "#bbbbbb", remark: "#17457d", good: "#14532d", bad: "#8f1610" };
  // Beside its colour each line has a dash of its own.
  const DASHES = { remark: [], good: [6, 4], bad: [2, 3] };
  const TEXTS = {
    rate: { unit: " /s", lines: [["due", "bad"], ["acknowledged", "good"]] },
    heard: { unit: " /s", lines: [["heard", "remark"]] },
    latency: { unit: " ms", lines: [["p50", "good"], ["p99", "remark"], ["worst", "bad"]] },
    distribution: { unit: " ms", lines: [["within", "remark"]] },
    curve: { unit: " ms", lines: [["p99, held", "good"], ["p99, did not hold", "bad"]] },
    kept: { unit: " /s", lines: [["offered", "bad"], ["achieved", "good"]] },
  };
  const SECONDS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];
  const drawn = [];
  // An axis is as wide as its longest label.
  const wide = (u, labels) => 18 + 7 * Math.max(4, ...(labels || []).map((label) => label.length));

  // An axis has no label where there is no room for one.
  const plain = (v) => (v === null || v === undefined ? "" : v.toLocaleString("en"));
  const around = (u, low, high) => [(low || 1) / 1.3, (high || low || 1) * 1.3];

  // Round figures along a logarithmic axis: 1, 2, 5, 10, …, or the powers of ten alone where those would be too many.
  function marks(u, axis, low, high) {
    const found = [];
    for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10)
      for (const times of [1, 2, 5]) if (power * times >= low && power * times <= high) found.push(Number((power * times).toPrecision(3)));
    const tens = found.filter((v) => Number.isInteger(Number(Math.log10(v).toFixed(6))));
    return found.length > 8 ? tens : found.length > 1 ? found : [low, high].map((v) => Number(v.toPrecision(3)));
  }

  function colours(paper) {
    if (paper) return PAPER;
    const style = getComputedStyle(document.documentElement);
    return Object.fromEntries(Object.keys(PAPER).map((name) => [name, style.getPropertyValue("--" + name).trim()]));
  }

  // Percentiles stand by their nines, so that the last thousandth is as wide as the half; the worst stands after them.
  function byNines(percents) {
    const nines = percents.map((percent) => (percent < 100 ? -Math.log10(1 - percent / 100) : null));
    const last = Math.max(0, ...nines.filter((x) => x !== null));
    return nines.map((x) => (x === null ? last + 0.5 : x));
  }

  function options(name, data, width, paper) {
    const c = colours(paper), unit = TEXTS[name].unit, nines = name === "distribution";
    // What was tried grows by doubling, and so do the delays beyond a limit.
    const tried = name === "curve" || name === "kept";
    const figure = (v) => (v === null || v === undefined ? "–" : Number(v.toPrecision(4)).toLocaleString("en") + unit);
    const percents = nines ? data.first.map((p) => (p === 100 ? "worst" : p + " %")) : [];
    const axis = { stroke: c.soft, grid: { stroke: c.rule, width: 0.5 }, ticks: { stroke: c.rule, width: 0.5 }, font: "12px system-ui, sans-serif" };
    const round = { splits: marks, filter: (u, splits) => splits };
    const second = (u, v) => (v === null || v === undefined ? "–" : v + " s");
    const percent = (u, v, s, at) => (at === null || at === undefined ? "–" : percents[at]);
    return {
      width: width, height: 230,
      scales: tried
        ? { x: { time: false, distr: 3, log: 10, range: around }, y: { distr: 3, log: 10, range: around } }
        : { x: { time: false }, y: { range: (u, low, high) => [0, (high || 1) * 1.08] } },
      axes: [
        tried ? { ...axis, ...round, values: (u, splits) => splits.map(plain) } : nines ? { ...axis, splits: () => data.x, values: () => percents } : { ...axis, incrs: SECONDS, values: (u, splits) => splits.map((v) => v + " s") },
        { ...axis, ...(tried ? round : {}), size: wide, values: (u, splits) => splits.map((v) => plain(v) + (v ? unit : "")) },
      ],
      series: [{ label: nines ? "of all" : tried ? "tried" : "second", value: nines ? percent : tried ? (u, v) => plain(v) : second }].concat(
        data.lines.map(([label, tone]) => ({
          label: label, stroke: c[tone], dash: DASHES[tone], width: 2, value: (u, v) => figure(v), spanGaps: nines || tried,
          points: { show: nines || tried || data.x.length < 60, size: 5, stroke: c[tone], fill: c[tone] },
        })),
      ),
      cursor: { drag: { x: !nines && !tried, y: false } },
      legend: { live: true },
    };
  }

  function draw(one, paper) {
    if (one.plot) one.plot.destroy();
    const width = paper ? 640 : Math.max(240, one.place.clientWidth);
    const [first, ...others] = one.columns;
    // Older results lack some of the lines.
    const kept = others.map((column, at) => [column, TEXTS[one.name].lines[at]]).filter(([column]) => column.some((v) => v !== null));
    const data = { first: first, x: one.name === "distribution" ? byNines(first) : first, lines: kept.map(([, line]) => line) };
    one.plot = new uPlot(options(one.name, data, width, paper), [data.x, ...kept.map(([column]) => column)], one.place);
  }

  for (const place of document.querySelectorAll(".plot")) {
    const columns = JSON.parse(document.getElementById(place.id + "-data").textContent);
    const one = { place: place, name: place.dataset.plot, columns: columns, plot: null };
    place.parentElement.hidden = false;
    drawn.push(one);
    draw(one, false);
  }
  const all = (paper) => drawn.forEach((one) => draw(one, paper));
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; all(false); } });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => all(false));
  addEventListener("beforeprint", () => all(true));
  addEventListener("afterprint", () => all(false));
})();
