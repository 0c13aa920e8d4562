"use strict";
// Elements: the only way into the page. A text stays a text, whatever is in it.
const one = (id) => document.getElementById(id);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const make = (tag, attributes, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
  made.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
};
const told = (tag, text, attributes = {}) => make(tag, { dir: "auto", ...attributes }, text);
const press = (label, act, attributes = {}, ...children) => {
  const button = make("button", { type: "button", ...attributes }, children.length ? children : label);
  if (children.length) button.setAttribute("aria-label", label);
  button.addEventListener("click", act);
  return button;
};
const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
const shade = (type) => `kind-${type % 6}`;
const say = (text) => { one("said").textContent = text; };
