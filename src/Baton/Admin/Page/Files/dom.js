// Makes elements. What comes from data goes in as text or as an attribute of our own naming, never as markup: the names of
// routes and destinations are whatever somebody has written into a configuration.

const svgNamespace = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

export const element = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);

export const svg = (name, attributes, ...children) => fill(document.createElementNS(svgNamespace, name), attributes, children);

/** Sets the text if it is another, so that nothing that reads along is told of a change that is none. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A moment, with its ISO form for whoever wants it to the second. */
export const time = (date, text) => element("time", { datetime: date.toISOString(), title: date.toISOString() }, text);

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes ?? {}))
    if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
  node.append(...children);
  return node;
}
