// Small line and bar charts as SVG, each with the same numbers in words.
//
// Invariant: a chart is a picture with a text; whoever cannot see it loses nothing.

import { html, nothing, svg } from "../vendor/lit.js";
import { visibleLine } from "../base/visible.js";

const LINE = { width: 220, height: 64, left: 4, right: 4, top: 6, bottom: 6 };
const BARS = { height: 120, bottom: 18, left: 34, room: 680, widest: 64, narrowest: 14 };

/** Values over runs on a scale from `low` to `high`; undefined leaves a gap. `words` says what the picture shows. */
export function lineChart(values, words, { low = 0, high = 1, floor } = {}) {
  const { width, height, left, right, top, bottom } = LINE;
  const x = index => left + (values.length < 2 ? 0.5 : index / (values.length - 1)) * (width - left - right);
  const y = value => top + (1 - (value - low) / (high - low || 1)) * (height - top - bottom);
  const points = values.map((value, index) => (value === undefined ? undefined : [x(index), y(value)]));
  const last = points.findLast(Boolean);
  return html`<svg class="line-chart" viewBox="0 0 ${width} ${height}" role="img" aria-label=${words}>
    <title>${words}</title>
    ${[0, 0.5, 1].map(part => svg`<path class="grid" d="M${left} ${y(low + part * (high - low))}H${width - right}"></path>`)}
    ${floor === undefined ? nothing : svg`<path class="floor" d="M${left} ${y(floor)}H${width - right}"></path>`}
    <path class="line" d=${pathOf(points)}></path>
    ${points.map(point => (point ? svg`<circle class="dot" cx=${point[0]} cy=${point[1]} r="2"></circle>` : nothing))}
    ${last ? svg`<circle class="dot last" cx=${last[0]} cy=${last[1]} r="3.5"></circle>` : nothing}
  </svg>`;
}

/** Bars with a name each, as the questions of each day; at most as many as have room. */
export function barChart(bars, words) {
  const { height, bottom, left, room, widest, narrowest } = BARS;
  const most = Math.max(1, ...bars.map(bar => bar.value));
  const step = Math.min(widest, Math.max(narrowest, room / bars.length));
  const width = left + step * Math.max(bars.length, 4);
  const top = 8;
  const tall = value => (value / most) * (height - bottom - top);
  const every = Math.ceil(40 / step); // a day has about so much room
  return html`<svg class="bar-chart" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="img" aria-label=${words}>
    <title>${words}</title>
    ${[0, 1].map(
      part => svg`<path class="grid" d="M${left} ${height - bottom - part * (height - bottom - top)}H${width}"></path>
      <text class="axis" x=${left - 6} y=${height - bottom - part * (height - bottom - top) + 4} text-anchor="end">${Math.round(part * most)}</text>`,
    )}
    ${bars.map(
      (
        { name, value },
        index,
      ) => svg`<rect class="column" x=${left + index * step + step * 0.15} y=${height - bottom - tall(value)} width=${step * 0.7} height=${tall(value)}><title>${visibleLine(name)}: ${value}</title></rect>
      ${index % every === 0 ? svg`<text class="axis" x=${left + index * step + step * 0.15} y=${height - 4}>${visibleLine(name)}</text>` : nothing}`,
    )}
  </svg>`;
}

function pathOf(points) {
  let isGap = true;
  return points
    .map(point => {
      const command = point ? `${isGap ? "M" : "L"}${point[0].toFixed(1)} ${point[1].toFixed(1)}` : "";
      isGap = !point;
      return command;
    })
    .join("");
}
