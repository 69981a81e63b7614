// The two charts, as SVG in the place's own width, so that their text stays as large as the page's.

import { counted, fill, milliseconds, shape } from './elements.js';

const plot = { left: 54, right: 8, top: 26, bottom: 20, height: 130 };

export function drawLookups(place, slots) {
  const sum = name => slots.reduce((total, slot) => total + slot[name], 0);
  const inWords = `${counted(sum('hits'), 'hit')}, ${counted(sum('misses'), 'miss', 'misses')}`;
  const { svg, x, y, step } = axes(place, slots.length, 'Hits and misses per 5 s', Math.max(...slots.map(slot => slot.hits + slot.misses), 4), value => `${value}`,
    `Sessions looked up in the last three minutes: ${inWords}.`);
  legend(svg, [['hit', 'hits'], ['miss', 'misses']]);
  slots.forEach((slot, ago) => {
    const width = Math.max(1, step - 2);
    if (slot.hits > 0) svg.append(shape('rect', { class: 'hit', x: x(ago), width, y: y(slot.hits), height: y(0) - y(slot.hits) }));
    if (slot.misses > 0) svg.append(shape('rect', { class: 'miss', x: x(ago), width, y: y(slot.hits + slot.misses), height: Math.max(1, y(slot.hits) - y(slot.hits + slot.misses) - 1) }));
  });
  fill(place, [svg]);
}

export function drawLatency(place, slots) {
  const asked = slots.map((slot, ago) => ({ ago, value: slot.asked ? slot.total / slot.asked : null })).filter(point => point.value !== null);
  const top = Math.max(...asked.map(point => point.value), 0.2);
  const { svg, x, y, step } = axes(place, slots.length, 'Store, average time to answer', top, value => `${value} ms`,
    asked.length === 0 ? 'The store was not asked in the last three minutes.' : `The store's average time to answer, at the most ${milliseconds(top)}.`);
  if (asked.length === 0) {
    svg.append(shape('text', { x: plot.left + 10, y: y(0) - 26 }, 'The store was not asked.'));
  } else {
    const points = asked.map(({ ago, value }) => [x(ago) + step / 2, y(value)]);
    svg.append(shape('polyline', { class: 'line', points: points.map(point => point.map(Math.round).join(',')).join(' ') }));
    points.forEach(([cx, cy]) => svg.append(shape('circle', { class: 'dot', cx, cy, r: 2.5 })));
  }
  fill(place, [svg]);
}

function axes(place, slotCount, title, highest, label, description) {
  const width = Math.max(260, place.clientWidth);
  const top = niceAbove(highest);
  const step = (width - plot.left - plot.right) / slotCount;
  const x = ago => width - plot.right - (ago + 1) * step;
  const y = value => plot.top + (plot.height - plot.top - plot.bottom) * (1 - value / top);
  const svg = shape('svg', { viewBox: `0 0 ${width} ${plot.height}`, height: plot.height, role: 'img', 'aria-label': description });
  svg.append(shape('text', { class: 'title', x: 0, y: 13 }, title));
  for (const value of [0, top / 2, top]) {
    svg.append(shape('line', { class: 'grid', x1: plot.left, x2: width - plot.right, y1: y(value), y2: y(value) }));
    svg.append(shape('text', { x: plot.left - 6, y: y(value) + 4, 'text-anchor': 'end' }, label(Number(value.toPrecision(3)))));
  }
  svg.append(shape('text', { x: plot.left, y: plot.height - 4 }, '3 minutes ago'));
  svg.append(shape('text', { x: width - plot.right, y: plot.height - 4, 'text-anchor': 'end' }, 'now'));
  return { svg, x, y, step };
}

function legend(svg, entries) {
  let x = 155;
  for (const [kind, name] of entries) {
    svg.append(shape('rect', { class: kind, x, y: 4, width: 10, height: 10, rx: 2 }), shape('text', { x: x + 15, y: 13 }, name));
    x += 56;
  }
}

function niceAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 4, 10].find(factor => factor * power >= value);
}
