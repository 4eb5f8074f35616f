// Shows /api/v1/status once a second. No library, nothing from elsewhere.
'use strict';

const LINE = ['ASSESSMENT', 'FULL_LOAD', 'CDC', 'VALIDATION', 'CUTOVER', 'MONITORING', 'COMPLETE'];
const byId = (id) => document.getElementById(id);

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const count = (n) => Math.round(n).toLocaleString('en');

function bytes(n) {
  if (n === null || n === undefined) return 'unknown';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (n >= 1024 && unit < units.length - 1) { n /= 1024; unit++; }
  return `${n.toFixed(unit ? 1 : 0)} ${units[unit]}`;
}

function time(seconds) {
  if (seconds === null || seconds === undefined) return 'unknown';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

function showPhases(phase) {
  const line = LINE.includes(phase) ? LINE : [...LINE, phase];
  const now = line.indexOf(phase);
  byId('phases').replaceChildren(...line.map((name, i) => {
    const item = element('li', name.toLowerCase().replace('_', ' '));
    if (i === now) {
      item.setAttribute('aria-current', 'step');
      if (name === 'FAILED') item.className = 'bad';
    } else if (i < now && LINE.includes(phase)) {
      item.className = 'done';
    }
    return item;
  }));
}

function showFaults(faults) {
  byId('faults').hidden = faults.length === 0;
  byId('faults').replaceChildren(...faults.map((fault) => {
    const line = element('p', '');
    const where = fault.table ? ` (table ${fault.table.schema}.${fault.table.name})` : '';
    line.append(element('strong', fault.code), ` ${fault.message}${where}. ${fault.hint}`);
    return line;
  }));
}

function showFigures(status) {
  const { load, capture, buffer, apply, slot, validation } = status;
  const figures = [
    ['Rows loaded', `${count(load.rows)} of about ${count(load.rowsEstimated)}`],
    ['Load rate', `${count(load.rowsPerSecond)} rows/s`],
    ['Load time left', time(load.timeLeft)],
    ['Capture', capture.state.toLowerCase()],
    ['Buffer', `${count(buffer.events)} events, ${bytes(buffer.bytes)}`],
    ['Apply', apply.mode.toLowerCase()],
    ['Lag', `${time(apply.lag)}, ${bytes(apply.lagBytes)}`],
    ['Changes applied', count(apply.changes)],
    ['Log kept by the source', slot ? bytes(slot.retainedBytes) : 'none'],
    ['Last validation', validation ? validation.outcome.toLowerCase() : 'none yet'],
  ];
  byId('figures').replaceChildren(...figures.map(([name, value]) => {
    const group = element('div', '');
    group.append(element('dt', name), element('dd', value));
    return group;
  }));
}

function showTables(tables) {
  byId('tables').replaceChildren(...tables.map((table) => {
    const row = element('tr', '');
    const name = `${table.table.schema}.${table.table.name}`;
    const bar = element('progress', '', { max: Math.max(table.rowsEstimated, table.rows, 1), value: table.rows, 'aria-label': `${name} loaded` });
    const cell = element('td', '');
    cell.append(bar);
    row.append(element('th', name, { scope: 'row' }), element('td', table.state.toLowerCase(), { class: table.state }),
      element('td', count(table.rows)), cell, element('td', count(table.rowsPerSecond)),
      element('td', table.timeLeft === null ? '' : time(table.timeLeft)), element('td', count(table.changes)));
    return row;
  }));
}

function show(status) {
  const { migration, stage } = status;
  document.title = `${migration.name}: ${stage.phase.toLowerCase()} - Landbridge`;
  byId('name').textContent = migration.name;
  byId('route').textContent = `${migration.source} → ${migration.target}`;
  byId('step').textContent = `${stage.paused ? 'Paused. ' : ''}${stage.step}`;
  showPhases(stage.phase);
  showFaults(status.faults);
  showFigures(status);
  showTables(status.tables);
}

async function refresh() {
  try {
    const answer = await fetch('api/v1/status');
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    show(await answer.json());
  } catch (error) {
    byId('step').textContent = 'The agent does not answer; trying again.';
  }
  setTimeout(refresh, 1000);
}

refresh();
