// Elements made of a name, attributes and children; what is shown is always text, never markup.

export function element(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export const byId = (id) => document.getElementById(id);

/** A row of a description list: name and value. */
export const fact = (name, value) =>
  element('div', {}, [element('dt', {}, [name]), element('dd', {}, [value])]);

/** A table of texts; the columns named in `texts` stand on the left. */
export function table(heads, rows, texts = []) {
  const cell = (kind, content, index) =>
    element(kind, texts.includes(heads[index]) ? { class: 'text' } : {}, [String(content)]);
  const head = element('tr', {}, heads.map((name, index) => cell('th', name, index)));
  const body = rows.map((row) =>
    element('tr', {}, row.map((content, index) => cell('td', content, index))),
  );
  return element('table', {}, [element('thead', {}, [head]), element('tbody', {}, body)]);
}
