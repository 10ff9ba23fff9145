// One line on any page puts a button there, and the chat behind it:
//   <script src="https://…/static/widget.js" data-city="杭州市" defer></script>
// Everything lives in a shadow root and a frame: the page's own styles and scripts neither reach it nor
// are reached. A page with a CSP allows our address in script-src and frame-src; inline is not needed.
"use strict";
(() => {
  const script = document.currentScript;
  const address = new URL("../chat/", script.src);
  for (const name of ["city", "mode", "theme"]) if (script.dataset[name]) address.searchParams.set(name, script.dataset[name]);
  const words = script.dataset.label || "问政策";

  const look = `
    :host { all: initial; }
    button { font: 600 18px/1.2 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; min-height: 56px; min-width: 56px; padding: 0 20px;
      color: #fff; background: #0d4d80; border: 2px solid #fff; border-radius: 28px; cursor: pointer; }
    button:focus-visible { outline: 3px solid #b34700; outline-offset: 2px; }
    .open { position: fixed; right: 16px; bottom: 16px; z-index: 2147483000; }
    .panel { position: fixed; right: 16px; bottom: 16px; width: 420px; height: min(720px, calc(100vh - 32px)); z-index: 2147483001;
      display: flex; flex-direction: column; background: #fff; border: 1px solid #47525c; border-radius: 12px; overflow: hidden; }
    .panel[hidden] { display: none; }
    .bar { display: flex; justify-content: flex-end; padding: 4px; background: #0d4d80; }
    .bar button { border: 0; min-height: 48px; }
    iframe { flex: 1; border: 0; width: 100%; }
    @media (max-width: 480px) { .panel { inset: 0; width: auto; height: auto; border-radius: 0; border: 0; } }`;

  const made = (tag, properties) => Object.assign(document.createElement(tag), properties);

  const build = () => {
    const root = document.body.appendChild(made("policy-advisor", {})).attachShadow({ mode: "open" });
    if ("adoptedStyleSheets" in root) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(look);
      root.adoptedStyleSheets = [sheet];
    } else {
      root.append(made("style", { textContent: look })); // an old browser; a strict page may forbid it
    }

    const open = made("button", { className: "open", type: "button", textContent: words });
    const panel = made("div", { className: "panel", hidden: true });
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", "就业创业政策问答");
    open.setAttribute("aria-expanded", "false");
    const bar = panel.appendChild(made("div", { className: "bar" }));
    const close = bar.appendChild(made("button", { type: "button", textContent: "关闭 ✕" }));
    close.setAttribute("aria-label", "关闭问答");
    root.append(open, panel);

    const show = (on) => {
      if (on && !panel.querySelector("iframe")) {
        panel.append(made("iframe", { src: address.href, title: "就业创业政策问答", allow: "clipboard-write" }));
      }
      panel.hidden = !on;
      open.hidden = on;
      open.setAttribute("aria-expanded", String(on));
      (on ? close : open).focus();
    };
    open.addEventListener("click", () => show(true));
    close.addEventListener("click", () => show(false));
    root.addEventListener("keydown", (event) => { if (event.key === "Escape") show(false); });
  };

  if (document.body) build();
  else document.addEventListener("DOMContentLoaded", build);
})();
