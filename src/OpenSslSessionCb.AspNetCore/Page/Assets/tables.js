// The page's figures and tables.

import { drawLatency, drawLookups } from './charts.js';
import { badge, byId, cell, counted, element, emptyRow, fill, header, milliseconds, row, rows, set } from './elements.js';
import { handshakeOf, history, seen, slotSeconds } from './seen.js';

const statisticNames = {
  new: 'Sessions made', get: 'Sessions asked for', hits: 'Found', nearHits: 'Found in the process itself', misses: 'Not found',
  late: 'The store was late or away', isStoreAway: 'The store is left alone', foreignIds: 'Ids of somebody else', removed: 'Removed',
  notKept: 'Not kept', rejected: 'Records refused', errors: 'Errors', queued: 'Writes waiting', dropped: 'Writes dropped',
  nearCacheCount: 'At hand in the process',
};

export function show() {
  showConnections();
  showHistory();
  showStatistics();
  showContexts();
}

export function showHistory() {
  const slots = history();
  drawLookups(byId('lookups'), slots);
  drawLatency(byId('latency'), slots);
  rows('history', slots.filter(slot => slot.known).map(slot => row([
    cell(`${slot.ago * slotSeconds} – ${(slot.ago + 1) * slotSeconds}`),
    cell(`${slot.hits}`, 'number'),
    cell(`${slot.misses}`, 'number'),
    cell(`${slot.asked}`, 'number'),
    cell(milliseconds(slot.asked ? slot.total / slot.asked : null), 'number'),
    cell(milliseconds(slot.asked ? slot.slowest : null), 'number'),
  ])));
}

function showConnections() {
  const known = seen.connections.filter(connection => connection.resumed !== null);
  const resumed = known.filter(connection => connection.resumed);
  const nodes = new Set(seen.connections.map(connection => connection.node)).size;
  set(byId('summary'), known.length === 0
    ? `${counted(seen.connections.length, 'connection')} on ${counted(nodes, 'node')}; whether they resumed is not known, because nothing looks ahead at them.`
    : `${resumed.length} of ${counted(known.length, 'connection')} resumed, on ${counted(nodes, 'node')}.`);
  fill(byId('figures'), [
    figure('Resumed', known.length === 0 ? '–' : `${Math.round(100 * resumed.length / known.length)} %`),
    figure('Nodes seen', `${nodes}`),
    figure('Median full handshake', milliseconds(median(known.filter(connection => !connection.resumed)))),
    figure('Median when resumed', milliseconds(median(resumed))),
  ]);
  rows('connections', seen.connections.map(connection => row([
    cell(badge(handshakeOf(connection).replace('not known', 'unknown'), handshakeOf(connection))),
    cell(milliseconds(connection.handshakeMilliseconds), 'number'),
    nodeCell('td', connection.node),
    cell(new Date(connection.at).toLocaleTimeString()),
    cell(connection.tls ?? 'none'),
    cell(connection.cipher ?? '–'),
    cell(connection.http),
  ])));
}

function figure(name, value) {
  return element('div', {}, [element('dt', {}, [name]), element('dd', {}, [value])]);
}

function median(connections) {
  const values = connections.map(connection => connection.handshakeMilliseconds).filter(value => value !== null).sort((a, b) => a - b);
  return values.length === 0 ? null : values[values.length >> 1];
}

function showStatistics() {
  const nodes = [...seen.nodes.entries()];
  fill(byId('statistics').tHead, [row([header('', 'col'), ...nodes.map(([key]) => nodeCell('th', key))])]);
  const names = new Set(nodes.flatMap(([, node]) => Object.keys(node.data.statistics ?? {})));
  names.delete('rejectedByReason');
  const lines = [...names].map(name => row([
    header(statisticNames[name] ?? name, 'row'),
    ...nodes.map(([, node]) => cell(node.data.statistics === null ? 'not shared' : statistic(node.data.statistics, name), 'number')),
  ]));
  lines.push(row([header('Heard last', 'row'), ...nodes.map(([, node]) => cell(new Date(node.at).toLocaleTimeString(), 'number quiet'))]));
  rows('statistics', lines);
}

function statistic(statistics, name) {
  const value = statistics[name];
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const reasons = name === 'rejected' ? Object.entries(statistics.rejectedByReason).filter(([, count]) => count > 0) : [];
  const count = Number(value ?? 0).toLocaleString();
  return reasons.length === 0 ? count : `${count} (${reasons.map(([reason, times]) => `${reason} ${times}`).join(', ')})`;
}

function showContexts() {
  const list = [...seen.nodes.entries()].flatMap(([key, node]) => node.data.contexts.map(context => ({ key, context })));
  rows('contexts', list.length === 0 ? [emptyRow(4, 'No server context has seen a connection since a cache was attached.')] : list.map(({ key, context }) => row([
    nodeCell('td', key),
    context.shares ? cell(badge('yes', 'yes')) : cell([badge('no', 'no'), ` ${context.why}`], 'why'),
    cell(context.hostName ?? 'none'),
    cell(context.certificate || 'none'),
  ])));
}

function nodeCell(name, key) {
  const slash = key.lastIndexOf('/');
  return element(name, name === 'th' ? { scope: 'col', class: 'number' } : {}, [
    element('span', { class: `node n${seen.order.indexOf(key) % 4}` }, [`process ${key.slice(slash + 1)}`]),
    element('span', { class: 'quiet' }, [` on ${key.slice(0, slash)}`]),
  ]);
}
