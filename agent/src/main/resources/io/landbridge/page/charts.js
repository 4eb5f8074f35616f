// Throughput, lag, queue and the log kept for us over time, with uPlot.
import uPlot from './uplot.js';
import { bytes, byId, count, element, time } from './format.js';

const CHARTS = [
  { title: 'Throughput', series: [['rows', 'rows loaded/s', '--busy'], ['changes', 'changes applied/s', '--good']], spell: count },
  { title: 'Lag', series: [['lag', 'behind', '--busy']], spell: time },
  { title: 'Queue', series: [['events', 'events waiting', '--busy']], spell: count },
  { title: 'Log kept for us', series: [['retained', 'kept', '--busy']], spell: bytes },
];
const KEPT_SECONDS = 24 * 3600;
const WINDOW_SECONDS = 15 * 60;

const history = { at: [], rows: [], changes: [], lag: [], events: [], retained: [] };
let charts = [];
let before = null;

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** What is under the pointer, or else the newest. */
const legend = (value, spell) => (value === null || value === undefined ? 'unknown' : spell(value));

function make({ title, series, spell }) {
  const figure = element('figure');
  figure.append(element('figcaption', title));
  byId('charts').append(figure);
  const axis = { stroke: color('--quiet'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line') } };
  const plot = new uPlot({
    width: figure.clientWidth, height: 160, cursor: { y: false },
    scales: { y: { range: (u, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [axis, { ...axis, size: 80, values: (u, ticks) => ticks.map(spell) }],
    series: [{}, ...series.map(([, label, paint]) =>
      ({ label, stroke: color(paint), width: 2, spanGaps: false, points: { show: false }, value: (u, v, column, i) => legend(i === null ? u.data[column].at(-1) : v, spell) }))],
  }, data(series), figure);
  // A canvas says nothing to who can't see it.
  plot.root.setAttribute('role', 'img');
  return { plot, figure, series, title, spell };
}

function data(series) {
  const from = history.at.findIndex((at) => at >= history.at[history.at.length - 1] - WINDOW_SECONDS);
  return [history.at, ...series.map(([name]) => history[name])].map((column) => column.slice(Math.max(0, from)));
}

function draw() {
  for (const { plot, figure, series, title, spell } of charts) {
    if (plot.width !== figure.clientWidth) plot.setSize({ width: figure.clientWidth, height: 160 });
    plot.setData(data(series));
    const now = series.map(([name, label]) => {
      const value = history[name][history.at.length - 1];
      return `${label}: ${legend(value, spell)}`;
    });
    plot.root.setAttribute('aria-label', `${title}. Now ${now.join(', ')}`);
  }
}

function redo() {
  byId('charts').replaceChildren();
  charts = CHARTS.map(make);
  draw();
}

/** What the agent kept from before the page was opened. */
export async function begin() {
  const answer = await fetch('api/v1/history');
  if (answer.ok) Object.assign(history, await answer.json());
  redo();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redo);
  addEventListener('resize', draw);
}

/** Adds what `status` says; rates are counted from the one before. */
export function add(status) {
  const at = Math.floor(Date.parse(status.at) / 1000);
  if (history.at.length && at <= history.at[history.at.length - 1]) return;
  const rate = before ? Math.max(0, status.apply.changes - before.changes) / Math.max(1, at - before.at) : 0;
  before = { at, changes: status.apply.changes };
  const point = {
    at, rows: status.load.rowsPerSecond, changes: rate, lag: status.apply.lag,
    events: status.buffer.events, retained: status.slot ? status.slot.retainedBytes : null,
  };
  for (const [name, column] of Object.entries(history)) {
    column.push(point[name]);
    if (column.length > KEPT_SECONDS) column.shift();
  }
  if (charts.length && !document.hidden) draw();
}
