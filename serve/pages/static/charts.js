// Draws every [data-chart] with uPlot; colours come from the legend's swatches, so that light and dark have one source.
(() => {
  const drawn = new Map(); // element -> { plot, text }
  const percent = (value) => (value == null ? "–" : `${Math.round(value * 100)} %`);
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
  const count = (value) => (value == null ? "–" : short.format(value));

  const colour = (element, name) => {
    const swatch = element.closest("figure").querySelector(`.swatch.${name}`);
    return getComputedStyle(swatch ?? element).color;
  };
  const faint = (rgb, alpha) => `rgba(${rgb.match(/[\d.]+/g).slice(0, 3).join(", ")}, ${alpha})`;

  const axis = (element, extra) => ({
    stroke: getComputedStyle(element).color,
    grid: { stroke: getComputedStyle(element).borderTopColor, width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
    ...extra,
  });
  const timeAxis = (element) => axis(element, {
    space: 70,
    size: 32,
    values: (plot, ticks) => ticks.map((tick) => {
      const at = new Date(tick * 1000);
      return at.getUTCHours() === 0
        ? at.toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" })
        : at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
    }),
  });
  const shares = (element, range) => ({
    scales: { x: { time: true }, y: { range } },
    axes: [timeAxis(element), axis(element, { size: 46, values: (plot, ticks) => ticks.map(percent) })],
  });
  const line = (label, stroke, more = {}) => ({ label, stroke, width: 2, points: { show: false }, spanGaps: true, value: (plot, value) => percent(value), ...more });
  const dots = (label, stroke, fill, many) => ({ label, stroke, width: 0, paths: () => null, points: { show: true, size: many ? 4 : 7, width: 1.5, stroke, fill }, value: (plot, value) => percent(value) });
  const edge = { label: "", stroke: "transparent", width: 0, points: { show: false }, spanGaps: true };
  const from0 = (plot, low, high) => [0, Math.max(high ?? 0, 0.1) * 1.08];

  const day = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" };
  const readout = (element) => {
    const box = document.createElement("div");
    box.className = "readout";
    box.hidden = true;
    element.append(box);
    return (plot) => {
      const { idx } = plot.cursor;
      box.hidden = idx == null;
      if (box.hidden) return;
      const x = plot.data[0][idx];
      const parts = [plot.scales.x.time === false ? `said ${percent(x)}` : new Date(x * 1000).toLocaleString("en-GB", day)];
      plot.series.forEach((series, place) => {
        const value = plot.data[place][idx];
        if (place && series.label && value != null) parts.push(`${series.label} ${series.value(plot, value)}`);
      });
      box.textContent = parts.join(" · ");
    };
  };

  const kinds = {
    precision(element, data) {
      const accent = colour(element, "s-accent");
      return {
        ...shares(element, from0),
        bands: [{ series: [2, 1], fill: faint(accent, 0.16) }],
        series: [{}, edge, edge, line("Groundswell", accent), line("Yesterday's growth", colour(element, "s-other"), { dash: [5, 4] })],
        data: [data.x, data.lower, data.upper, data.champion, data.baseline],
      };
    },
    probability(element, data) {
      const accent = colour(element, "s-accent");
      const miss = colour(element, "s-miss");
      const many = data.x.length * 9 > element.clientWidth;
      return {
        ...shares(element, from0),
        bands: [{ series: [2, 1], fill: faint(accent, 0.16) }],
        series: [{}, edge, edge, line("Chance", accent), dots("surged", colour(element, "s-hit"), colour(element, "s-hit"), many), dots("did not", miss, "transparent", many)],
        data: [data.x, data.lower, data.upper, data.chance, data.hit, data.miss],
      };
    },
    views(element, data) {
      const accent = colour(element, "s-accent");
      return {
        scales: { x: { time: true }, y: { range: (plot, low, high) => [0, Math.max(high ?? 0, 1) * 1.08] }, total: {} },
        axes: [
          timeAxis(element),
          axis(element, { size: 52, values: (plot, ticks) => ticks.map(count) }),
          axis(element, { size: 52, side: 1, scale: "total", grid: { show: false }, values: (plot, ticks) => ticks.map(count) }),
        ],
        series: [
          {},
          line("gained an hour", accent, { fill: faint(accent, 0.14), value: (plot, value) => count(value) }),
          line("in total", colour(element, "s-other"), { scale: "total", value: (plot, value) => count(value) }),
        ],
        data: [data.x, data.gained, data.total],
      };
    },
    calibration(element, data) {
      const accent = colour(element, "s-accent");
      const most = Math.max(...data.n);
      const ends = [0, 1];
      const x = [...new Set([...data.x, ...ends])].sort((a, b) => a - b);
      const at = (value, list) => { const place = data.x.indexOf(value); return place < 0 ? null : list[place]; };
      const bubbles = (plot) => {
        const { ctx } = plot;
        ctx.save();
        ctx.fillStyle = faint(accent, 0.28);
        data.x.forEach((value, place) => {
          const radius = (4 + 9 * Math.sqrt(data.n[place] / most)) * devicePixelRatio;
          ctx.beginPath();
          ctx.arc(plot.valToPos(value, "x", true), plot.valToPos(data.observed[place], "y", true), radius, 0, 7);
          ctx.fill();
        });
        ctx.restore();
      };
      return {
        scales: { x: { time: false, range: [0, 1] }, y: { range: [0, 1] } },
        axes: [axis(element, { label: "stated chance", size: 30, labelSize: 18, labelGap: 0, labelFont: "12px system-ui, sans-serif", values: (plot, ticks) => ticks.map(percent) }), axis(element, { size: 46, values: (plot, ticks) => ticks.map(percent) })],
        series: [{ value: (plot, value) => percent(value) }, line("honest", colour(element, "s-other"), { dash: [5, 4], width: 1.5 }), line("happened", accent, { points: { show: true, size: 6, fill: accent } })],
        hooks: { drawSeries: [(plot, series) => { if (series === 2) bubbles(plot); }] },
        data: [x, x, x.map((value) => at(value, data.observed))],
      };
    },
  };

  const draw = (element) => {
    const text = element.dataset.chart;
    const spec = JSON.parse(text);
    const { data, ...options } = kinds[spec.kind](element, spec);
    const before = drawn.get(element);
    if (before) before.plot.destroy();
    const size = { width: element.clientWidth, height: element.clientHeight };
    element.replaceChildren();
    const hooks = { ...options.hooks, setCursor: [readout(element)] };
    const plot = new uPlot({ ...size, ...options, tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"), legend: { show: false }, cursor: { drag: { x: false, y: false }, points: { show: true } }, padding: [8, 24, 0, 0], hooks }, data, element);
    drawn.set(element, { plot, text });
    resizes.observe(element);
  };
  const resizes = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const plot = drawn.get(target)?.plot;
      if (plot && target.clientWidth && plot.width !== target.clientWidth) plot.setSize({ width: target.clientWidth, height: target.clientHeight });
    }
  });
  const drawAll = (again) => {
    for (const element of document.querySelectorAll("[data-chart]")) {
      if (again || drawn.get(element)?.text !== element.dataset.chart) draw(element);
    }
    for (const element of drawn.keys()) if (!element.isConnected) { drawn.get(element).plot.destroy(); drawn.delete(element); }
  };
  document.addEventListener("DOMContentLoaded", () => drawAll(false));
  document.addEventListener("htmx:after:swap", () => drawAll(false));
  addEventListener("themechange", () => drawAll(true));
})();
