// Elements, made of text only: what a server says never becomes markup.

export const byId = id => document.getElementById(id);

export function element(name, attributes, children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) { made.setAttribute(key, value); }
  made.append(...children);
  return made;
}

export function shape(name, attributes, text) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) { made.setAttribute(key, value); }
  if (text) { made.textContent = text; }
  return made;
}

export const row = cells => element('tr', {}, cells);
export const cell = (content, kind) => element('td', kind ? { class: kind } : {}, [].concat(content));
export const header = (text, scope) => element('th', { scope }, [text]);
export const badge = (kind, text) => element('span', { class: `badge ${kind}` }, [text]);
export const emptyRow = (columns, text) => element('tr', { class: 'empty' }, [element('td', { colspan: columns }, [text])]);

export function rows(table, list) { if (list.length > 0) { fill(byId(table).tBodies[0], list); } }

// What stays as it is stays where it is: text that is selected, a picture that is read out.
export function fill(place, children) {
  if (children.length !== place.childNodes.length || children.some((child, i) => !child.isEqualNode(place.childNodes[i]))) {
    place.replaceChildren(...children);
  }
}

// The same text again would be read out again.
export function set(place, text) { if (place.textContent !== text) { place.textContent = text; } }

export const counted = (count, one, many) => `${count} ${count === 1 ? one : many ?? `${one}s`}`;
export const milliseconds = value => value === null || value === undefined ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
