// What a page does beyond its plain form: change its look without leaving, read aloud, copy, print.
// Every thing here has a plain way without it, or is not shown.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  const say = (text) => {
    let box = document.getElementById("page-says");
    if (!box) {
      box = document.createElement("p");
      box.id = "page-says";
      box.className = "visually-hidden";
      box.setAttribute("role", "status");
      document.body.append(box);
    }
    box.textContent = text;
  };
  window.pageSays = say;

  const look = (link) => {
    const { name, value } = link.dataset;
    if (value) root.dataset[name] = value;
    else delete root.dataset[name];
    for (const other of document.querySelectorAll(`a[data-look][data-name="${name}"]`)) {
      const on = other === link;
      other.hidden = name === "mode" && on;
      if (on) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
    say(`已换成${link.textContent.trim()}`);
    fetch(link.href, { redirect: "manual" }).catch(() => {});
  };

  // The label goes with every copy: nobody may pass on a reply without it.
  const words = (reply) => {
    const copy = reply.cloneNode(true);
    for (const part of copy.querySelectorAll("[data-not-copied], form, button, script")) part.remove();
    for (const part of copy.querySelectorAll("details")) part.open = true;
    copy.style.cssText = "position:fixed;left:-9999px;width:600px";
    document.body.append(copy);
    const text = copy.innerText.replace(/\n{3,}/g, "\n\n").trim();
    copy.remove();
    return text;
  };

  const copy = async (button) => {
    const text = words(button.closest("[data-reply]"));
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const box = document.createElement("textarea");
      box.value = text;
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    button.textContent = "已复制";
    say("已复制,连同“AI生成”的标识");
  };

  const read = (button) => {
    const speaking = window.speechSynthesis;
    if (!speaking) { say("这个浏览器不能朗读"); button.textContent = "不能朗读"; return; }
    const on = button.getAttribute("aria-pressed") === "true";
    speaking.cancel();
    for (const other of document.querySelectorAll("[data-do=read]")) {
      other.setAttribute("aria-pressed", "false");
      other.textContent = "朗读";
    }
    if (on) return;
    const speech = new SpeechSynthesisUtterance(words(button.closest("[data-reply]")));
    speech.lang = "zh-CN";
    speech.rate = 0.9;
    speech.onend = () => { button.setAttribute("aria-pressed", "false"); button.textContent = "朗读"; };
    button.setAttribute("aria-pressed", "true");
    button.textContent = "停止朗读";
    speaking.speak(speech);
  };

  const rate = async (button) => {
    const box = button.closest("[data-rating]");
    const helpful = button.dataset.helpful === "true";
    const reason = button.dataset.reason ?? null;
    if (!helpful && reason === null) { box.querySelector("[data-why]").hidden = false; }
    const sent = await fetch("/api/feedback", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ answer_id: box.dataset.rating, helpful, reason }),
    }).catch(() => null);
    const told = sent && sent.ok ? "谢谢,已记下" : "没有记下,请稍后再试";
    box.querySelector("[data-told]").textContent = told;
    for (const other of box.querySelectorAll("button[data-helpful]")) other.setAttribute("aria-pressed", String(other === button));
    if (helpful || reason !== null) box.querySelector("[data-why]").hidden = true;
    say(told);
  };

  const things = { copy, read, rate, print: () => window.print() };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-look]");
    if (link && !event.metaKey && !event.ctrlKey) { event.preventDefault(); look(link); return; }
    const button = event.target.closest("button[data-do]");
    if (button && things[button.dataset.do]) things[button.dataset.do](button);
  });
  // A choice that only needs to be made is sent as it is made.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
  });
})();
