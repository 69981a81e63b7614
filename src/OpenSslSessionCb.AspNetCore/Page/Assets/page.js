// Asks the server once a second, and shows what it says.

import { byId, set } from './elements.js';
import { handshakeOf, restore, seen, take } from './seen.js';
import { show, showHistory } from './tables.js';

const dataUrl = new URL('data', import.meta.url);
const askEvery = 1000;
const renewEvery = 3000;

let lastRenewal = Date.now();
let renewNow = false;       // the button was pressed
let sayNext = false;        // and its connection is to be read out
let asking = false;
let timer = 0;

class Refusal extends Error {}

async function ask() {
  if (asking) return;
  asking = true;
  clearTimeout(timer);
  const renew = renewNow || (byId('pace').checked && Date.now() - lastRenewal >= renewEvery);
  try {
    // With "close" the server ends this connection after its answer, and the next question opens a new one.
    const data = await answerOf(renew ? `${dataUrl}?close` : dataUrl);
    if (renew) { lastRenewal = Date.now(); }
    const opened = take(data);
    if (opened && sayNext) {
      sayNext = false;
      set(byId('said'), `New connection: ${handshakeOf(opened)}, process ${opened.process}.`);
    }
    show();
    tell(troubleOf(data));
  } catch (error) {
    tell(error instanceof Refusal ? error.message : 'The server does not answer. Asking again …');
  }
  asking = false;
  const soon = renewNow;
  if (renew) { renewNow = false; }
  schedule(soon ? 0 : askEvery);
}

async function answerOf(address) {
  const answer = await fetch(address, { cache: 'no-store', headers: { accept: 'application/json' } });
  if (!answer.ok || !(answer.headers.get('content-type') ?? '').startsWith('application/json')) {
    throw new Refusal(answer.status === 401 || answer.status === 403 || answer.redirected
      ? 'You are not signed in any more: load this page anew.'
      : `The server answered ${answer.status}. Asking again …`);
  }
  return answer.json();
}

function troubleOf(data) {
  if (data.connection.tls === null) return 'This connection is not TLS when it reaches the app: something in front of it ends TLS, and resumes, or not, by itself.';
  if (data.notShared !== null) return `Sessions are not shared: ${data.notShared}`;
  if (data.contexts.length > 0 && data.contexts.every(context => !context.shares)) return `Sessions are not shared: ${data.contexts[0].why}.`;
  if (data.statistics?.isStoreAway) return 'The store does not answer, and is left alone for a while: until it is back, clients get full handshakes.';
  return null;
}

function tell(trouble) {
  set(byId('trouble'), trouble ?? '');
  byId('trouble').hidden = trouble === null;
}

function schedule(delay) {
  clearTimeout(timer);
  if (!document.hidden) { timer = setTimeout(ask, delay); }
}

byId('renew').addEventListener('click', () => { renewNow = sayNext = true; ask(); });
document.addEventListener('visibilitychange', () => schedule(0));
window.addEventListener('resize', () => { if (seen.nodes.size > 0) { showHistory(); } });
restore();
ask();
