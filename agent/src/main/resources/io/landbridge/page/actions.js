// What an operator may ask, each confirmed by typing the migration's name.
import { byId, element } from './format.js';

// Title, what it does, and where its request differs from api/v1/NAME without more.
const ACTIONS = {
  pause: ['Pause', 'Reading and writing stop at the next boundary; the source keeps its log meanwhile.'],
  resume: ['Resume', 'Goes on where it was paused.'],
  validate: ['Validate', 'Compares both sides row by row while writes go on.'],
  repair: ['Repair', 'Copies again what differs, in the stream\'s order, then compares it again.'],
  rehearse: ['Rehearse', 'Tries a cutover: checks all, proves the way back, measures the drain. No traffic is held, nothing stays.',
    { path: 'cutover', body: () => ({ dryRun: true }) }],
  mode: ['Change transport', 'Has the other transport carry the changes, chronicle or kafka, from the end of a transaction on. Refused, with nothing changed, while the other can\'t be reached.',
    { body: () => ({ mode: other }), tryFirst: true }],
  cutover: ['Cut over', 'Fences the source, drains, proves, and moves the traffic to the target.'],
  rollback: ['Roll back', 'Before the switch: removes what Landbridge made on both sides. After it: takes the traffic back without losing a write.'],
  finish: ['Finish', 'Ends the observation and removes the way back. There is no rollback after this.'],
};
const DURING = {
  FULL_LOAD: ['pause', 'mode', 'rollback'],
  CDC: ['pause', 'mode', 'rollback'],
  VALIDATION: ['pause', 'mode', 'rollback'],
  CUTOVER: ['rollback'],
  MONITORING: ['finish', 'rollback'],
  FAILED: ['resume', 'rollback'],
};

// Only what follows strictly can be compared and cut over.
const FOLLOWING = ['validate', 'rehearse', 'cutover', 'pause', 'mode', 'rollback'];

let migration = '';
let other = '';
let asked = null;
let shown = '';

function open(action) {
  asked = action;
  const [title, what] = ACTIONS[action];
  byId('confirm-title').textContent = `${title}: ${migration}`;
  byId('confirm-what').textContent = what;
  byId('confirm-name').value = '';
  byId('confirm-error').textContent = '';
  byId('confirm-do').textContent = title;
  byId('confirm-do').disabled = true;
  byId('confirm').showModal();
  byId('confirm-name').focus();
}

function post(path, body) {
  const token = byId('confirm-token').value;
  return fetch(`api/v1/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
}

async function act(event) {
  event.preventDefault();
  const [, , { path = asked, body = () => ({}), tryFirst = false } = {}] = ACTIONS[asked];
  byId('confirm-do').disabled = true;
  try {
    let answer = await post(path, { migration, ...body(), ...(tryFirst ? { dryRun: true } : {}) });
    if (answer.ok && tryFirst) answer = await post(path, { migration, ...body() });
    if (answer.ok) {
      byId('confirm').close();
      return;
    }
    const refusal = await answer.json();
    byId('confirm-token-part').hidden = answer.status !== 401 && byId('confirm-token-part').hidden;
    byId('confirm-error').textContent = `${refusal.code}: ${refusal.message}. ${refusal.hint}`;
  } catch (error) {
    byId('confirm-error').textContent = 'The agent does not answer.';
  }
  byId('confirm-do').disabled = false;
}

/** The buttons that fit where the migration stands. */
export function show(status) {
  migration = status.migration.name;
  other = status.transport.mode === 'chronicle' ? 'kafka' : 'chronicle';
  const { phase, paused, step } = status.stage;
  let fitting = step === 'FOLLOW' && phase === 'CDC' ? FOLLOWING : DURING[phase] ?? [];
  const unequal = status.validation && status.validation.outcome === 'DIFFERENT';
  const stopped = status.tables.some((table) => table.state === 'STOPPED');
  if (fitting === FOLLOWING && (unequal || stopped)) fitting = ['repair', ...fitting];
  if (paused) fitting = ['resume', ...fitting.filter((action) => action !== 'pause')];
  if (shown === fitting.join()) return;
  shown = fitting.join();
  byId('actions').replaceChildren(...fitting.map((action) => {
    const button = element('button', ACTIONS[action][0], { type: 'button', 'data-action': action });
    button.addEventListener('click', () => open(action));
    return button;
  }));
}

export function begin() {
  byId('confirm-form').addEventListener('submit', act);
  byId('confirm-cancel').addEventListener('click', () => byId('confirm').close());
  byId('confirm-name').addEventListener('input', () => {
    byId('confirm-do').disabled = byId('confirm-name').value !== migration;
  });
}
