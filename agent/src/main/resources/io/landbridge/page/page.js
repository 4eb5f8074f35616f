// Shows where the migration stands, as it changes. Nothing is fetched from anywhere but the agent.
import * as actions from './actions.js';
import * as charts from './charts.js';
import { bytes, byId, count, element, tableName, time, words } from './format.js';

const LINE = ['ASSESSMENT', 'FULL_LOAD', 'CDC', 'VALIDATION', 'CUTOVER', 'MONITORING', 'COMPLETE'];
const NEXT = {
  ASSESSMENT: 'Next: the full load, unless a blocker is found.',
  FULL_LOAD: 'Next: what was written meanwhile is replayed, then followed.',
  CDC: 'Next: validate, then cut over, when you say so.',
  VALIDATION: 'Next: back to following; cut over when you say so.',
  CUTOVER: 'Next: the traffic is at the target; the way back stays open if it is configured.',
  MONITORING: 'Next: finish when you trust the target; until then rollback loses nothing.',
  COMPLETE: 'Nothing is left to do: what Landbridge made is gone from both sides.',
  ROLLED_BACK: 'The source serves, as before; the migration can be started again.',
  FAILED: 'Next: mend what is named below; the migration goes on where it stood.',
};
const DOING = {
  ASSESS: 'Looking at both sides; nothing is touched.',
  PREPARE_TARGET: 'Making the tables at the target.',
  OPEN_STREAM: 'Opening the stream of changes at the source.',
  COPY: 'Copying the tables while the application writes.',
  BUILD_KEYS: 'Building the primary keys.',
  CONVERGE: 'Replaying what was written during the load.',
  BUILD_REST: 'Building indexes, foreign keys and triggers.',
  FOLLOW: 'Following the source, strictly.',
  VALIDATE: 'Comparing both sides while writes go on.',
  REPAIR: 'Making rows that differ equal again while writes go on.',
  REWIND: 'Taking the target back to what the source was.',
  REHEARSE: 'Trying what a cutover would do; nobody is moved.',
  CUT_OVER: 'Moving the traffic to the target.',
  MONITOR: 'The target serves; the source is kept equal, for the way back.',
  SWITCH_BACK: 'Taking the traffic back to the source.',
  ROLL_BACK: 'Removing what Landbridge made.',
};
const MOST_TABLES = 500;
const MOST_DIFFERENCES = 100;
const MOST_LINES = 300;
const POLL_MILLIS = 1000;
const REPORTS_MILLIS = 5000;

let newest = null;
let report = null;
let reportsShown = '';

function showPhases(phase) {
  const line = LINE.includes(phase) ? LINE : [...LINE, phase];
  const now = line.indexOf(phase);
  byId('phases').replaceChildren(...line.map((name, i) => {
    const item = element('li', words(name));
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
    const line = element('p');
    const where = fault.table ? ` (table ${tableName(fault.table)})` : '';
    line.append(element('strong', fault.code), ` ${fault.message}${where}. ${fault.hint}`);
    return line;
  }));
}

function slotText(slot) {
  if (!slot) return 'none';
  if (slot.safeBytesLeft === null) {
    // MySQL keeps its log for a time, whoever needs it.
    return `${bytes(slot.retainedBytes)}, ${slot.timeLeft === null ? 'no limit is set' : `purged in ${time(slot.timeLeft)}`}`;
  }
  const left = slot.timeLeft === null ? '' : `, full in ${time(slot.timeLeft)}`;
  return `${bytes(slot.retainedBytes)}, ${bytes(slot.safeBytesLeft)} left${left}`;
}

function transportText({ mode, wanted }) {
  return mode === wanted ? mode : `${mode}, ${wanted} is due`;
}

function lagText({ lag, lagBytes }, phase) {
  if (lag === null && lagBytes === null) return phase === 'COMPLETE' ? 'none, done' : 'not following yet';
  return [lag === null ? '' : time(lag), lagBytes === null ? '' : bytes(lagBytes)].filter(Boolean).join(', ');
}

function showFigures({ load, capture, transport, buffer, apply, slot, stage }) {
  // After the cutover changes go the other way: the log that waits for us is the target's.
  const read = stage.phase === 'MONITORING' ? 'target' : 'source';
  const figures = [
    ['Rows loaded', `${count(load.rows)} of about ${count(load.rowsEstimated)}`],
    ['Load rate', `${count(load.rowsPerSecond)} rows/s`],
    ['Load time left', load.tables && load.tablesLoaded === load.tables ? 'done' : time(load.timeLeft)],
    ['Capture', words(capture.state)],
    ['Carried by', transportText(transport)],
    ['Buffer', `${count(buffer.events)} events, ${bytes(buffer.bytes)}${buffer.full ? ', full' : ''}`],
    ['Apply', words(apply.mode)],
    ['Lag', lagText(apply, stage.phase)],
    ['Changes applied', count(apply.changes)],
    [`Log kept by the ${read}`, slotText(slot), slot && slot.alarm],
  ];
  byId('figures').replaceChildren(...figures.map(([name, value, alarm]) => {
    const group = element('div', '', alarm ? { class: 'alarm' } : {});
    group.append(element('dt', name), element('dd', value));
    return group;
  }));
}

function showTables(tables) {
  const wanted = byId('filter').value.toLowerCase();
  const fitting = tables.filter((table) => tableName(table.table).toLowerCase().includes(wanted));
  const order = (table) => (table.state === 'STOPPED' ? 0 : table.state === 'LOADING' ? 1 : 2);
  const shown = fitting.sort((a, b) => order(a) - order(b)).slice(0, MOST_TABLES);
  byId('tables-shown').textContent = `${count(shown.length)} of ${count(tables.length)}`;
  byId('tables').replaceChildren(...shown.map((table) => {
    const row = element('tr');
    const name = tableName(table.table);
    const bar = element('progress', '', { max: Math.max(table.rowsEstimated, table.rows, 1), value: table.rows, 'aria-label': `${name} loaded` });
    const cell = element('td');
    cell.append(bar);
    const why = table.stopped ? ` (${table.stopped.code}: ${table.stopped.reason})` : '';
    row.append(element('th', name, { scope: 'row' }), element('td', words(table.state) + why, { class: table.state }),
      element('td', count(table.rows)), cell, element('td', count(table.rowsPerSecond)),
      element('td', table.timeLeft === null ? '' : time(table.timeLeft)), element('td', count(table.changes)));
    return row;
  }));
}

function showAssessment(assessment) {
  byId('assessment').hidden = !assessment;
  if (!assessment) return;
  byId('assessment-summary').textContent =
    `${assessment.blockers} blockers, ${assessment.warnings} warnings, ${assessment.notes} notes`;
  byId('findings').replaceChildren(...assessment.findings.map((finding) => {
    const item = element('li', '', { class: finding.severity });
    item.append(element('strong', `${words(finding.severity)} ${finding.code}`), ` ${finding.object}: ${finding.why}. `,
      element('em', finding.whatToDo));
    return item;
  }));
}

function showValidation(validation) {
  byId('validation').hidden = !validation;
  if (!validation) return;
  const running = validation.outcome === 'RUNNING';
  const took = validation.endedAt ? `, in ${time((Date.parse(validation.endedAt) - Date.parse(validation.startedAt)) / 1000)}` : '';
  const at = validation.position ? ` at ${validation.position}` : '';
  byId('validation-summary').textContent =
    `${words(validation.outcome)}: ${count(validation.tablesCompared)} of ${count(validation.tables)} tables, `
    + `${count(validation.rowsCompared)} rows compared${at}${took}; ${count(validation.differences)} differences`;
  byId('validation-summary').className = running || validation.outcome === 'CLEAN' ? '' : 'STOPPED';
  const differing = report && !running ? report.tables.flatMap((table) => table.differences.map((row) => ({ table, row }))) : [];
  byId('differences-part').hidden = differing.length === 0;
  byId('differences').replaceChildren(...differing.slice(0, MOST_DIFFERENCES).map(({ table, row }) => {
    const line = element('tr');
    const key = Object.entries(row.key).map(([name, value]) => `${name} = ${value}`).join(', ');
    line.append(element('th', tableName(table.table), { scope: 'row' }), element('td', words(row.kind)),
      element('td', key || row.rowHash), element('td', row.columns.join(', ')));
    return line;
  }));
}

function attemptText({ attempt, clients }) {
  if (!attempt) return '';
  const why = attempt.failure ? `: ${attempt.failure}` : '';
  const felt = clients ? `. Clients waited ${time(clients.longest)} at most, ${count(clients.failures)} of ${count(clients.answers)} queries failed.` : '';
  return `${attempt.kind}: ${words(attempt.outcome)}${why}${felt}`;
}

function showCutover(cutover, phase) {
  const { steps, notReady } = cutover;
  byId('attempt').textContent = attemptText(cutover);
  byId('cutover').hidden = steps.length === 0 && !(phase === 'CDC' && notReady.length);
  byId('steps').replaceChildren(...steps.map((step) => {
    const item = element('li', '', { class: step.state });
    item.append(element('strong', words(step.name)), ` ${words(step.state)}`,
      step.took === null ? '' : ` in ${time(step.took)}`, step.detail ? `: ${step.detail}` : '');
    return item;
  }));
  byId('not-ready').replaceChildren(...(steps.length ? [] : notReady).map((reason) => element('li', `not ready: ${reason}`)));
}

async function showReports() {
  const answer = await fetch('api/v1/reports');
  if (!answer.ok) return;
  const all = await answer.json();
  const names = all.map((one) => one.name + one.at).join();
  if (names === reportsShown) return;
  reportsShown = names;
  byId('reports').replaceChildren(...(all.length ? all.map((one) => {
    const item = element('li');
    item.append(element('a', one.name, { href: `reports/${one.name}`, target: '_blank', rel: 'noopener' }), ` ${bytes(one.bytes)}`);
    return item;
  }) : [element('li', 'none yet')]));
  const last = all.find((one) => /^validation-.*\.json$/.test(one.name));
  report = last ? await (await fetch(`reports/${last.name}`)).json() : null;
  if (newest) showValidation(newest.validation);
}

function showLog(lines) {
  const log = byId('log');
  const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
  log.append(...lines.map((line) => element('span', `${line.at.slice(0, 23)}Z ${line.level} ${line.text}\n`, { class: line.level })));
  while (log.childElementCount > MOST_LINES) log.firstElementChild.remove();
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function show(status) {
  const { migration, stage } = status;
  newest = status;
  document.title = `${migration.name}: ${words(stage.phase)} - Landbridge`;
  byId('name').textContent = migration.name;
  byId('route').textContent = `${migration.source} → ${migration.target}`;
  byId('step').textContent = `${stage.paused ? 'Paused. ' : ''}${DOING[stage.step] ?? words(stage.step)}`;
  byId('next').textContent = NEXT[stage.phase] ?? '';
  showPhases(stage.phase);
  actions.show(status);
  showFaults(status.faults);
  showFigures(status);
  charts.add(status);
  showTables(status.tables);
  showAssessment(status.assessment);
  showValidation(status.validation);
  showCutover(status.cutover, stage.phase);
}

function silent() {
  const of = newest ? ` What is below is of ${newest.at.slice(11, 19)}Z.` : '';
  byId('step').textContent = `The agent does not answer; trying again.${of}`;
}

/** For a page that came when as many as the agent serves were open. */
async function poll() {
  try {
    const answer = await fetch('api/v1/status');
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    show(await answer.json());
  } catch (error) {
    silent();
  }
  setTimeout(poll, POLL_MILLIS);
}

function follow() {
  const live = new EventSource('api/v1/live');
  live.addEventListener('status', (event) => show(JSON.parse(event.data)));
  live.addEventListener('open', () => byId('log').replaceChildren());
  live.addEventListener('log', (event) => showLog(JSON.parse(event.data)));
  live.addEventListener('error', () => {
    silent();
    if (live.readyState === EventSource.CLOSED) poll();
  });
}

actions.begin();
byId('filter').addEventListener('input', () => newest && showTables(newest.tables));
await charts.begin().catch(silent);
follow();
setInterval(() => showReports().catch(() => {}), REPORTS_MILLIS);
showReports().catch(() => {});
