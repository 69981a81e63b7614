// What this browser has seen so far.

export const slotCount = 36;        // as SessionHistory has them
export const slotSeconds = 5;

const kept = 100;
const storageKey = new URL('.', import.meta.url).pathname;

export const seen = {
  nodes: new Map(),       // "machine/process" → its last answer, and when it came
  order: [],              // these keys, as they were first seen
  connections: [],        // the newest first
};

export const handshakeOf = connection => connection.resumed === null ? 'not known' : connection.resumed ? 'resumed' : 'full';

// Notes an answer; returns the connection that it came on, if that is a new one.
export function take(data) {
  const node = `${data.node.machine}/${data.node.process}`;
  seen.nodes.set(node, { data, at: Date.now() });
  if (!seen.order.includes(node)) { seen.order.push(node); }
  if (seen.connections.some(connection => connection.node === node && connection.id === data.connection.id)) return null;
  const opened = { ...data.connection, node, process: data.node.process, at: Date.now() };
  seen.connections = [opened, ...seen.connections].slice(0, kept);
  try { sessionStorage.setItem(storageKey, JSON.stringify(seen.connections)); } catch { /* a reload forgets them, then */ }
  return opened;
}

// What this tab had seen before it loaded the page anew.
export function restore() {
  try {
    const list = JSON.parse(sessionStorage.getItem(storageKey));
    if (Array.isArray(list)) {
      seen.connections = list;
      seen.order = [...new Set(list.map(connection => connection.node).reverse())];
    }
  } catch { /* nothing that this page has written */ }
}

// The nodes' slots together, the newest first, on this browser's clock: theirs may differ.
export function history() {
  const now = Date.now();
  const slots = Array.from({ length: slotCount }, (_, ago) => ({ ago, known: false, hits: 0, misses: 0, asked: 0, total: 0, slowest: 0 }));
  for (const { data, at } of seen.nodes.values()) {
    const since = Math.floor((now - at) / (1000 * slotSeconds));
    for (const slot of data.history) {
      const sum = slots[slot.ago + since];
      if (sum) {
        sum.known = true;
        sum.hits += slot.hits;
        sum.misses += slot.misses;
        sum.asked += slot.storeLookups;
        sum.total += slot.storeMilliseconds;
        sum.slowest = Math.max(sum.slowest, slot.slowestMilliseconds);
      }
    }
  }
  return slots;
}
