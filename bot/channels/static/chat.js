// The chat: every form on the page that says something is said in the conversation that Gradio holds.
"use strict";
(() => {
  // The talk's id lasts as long as the tab; in another site's frame a browser may keep nothing at all.
  const storage = (use) => { try { return use(window.sessionStorage); } catch { return null; } };
  const keep = (name, value) => storage((kept) => kept.setItem(name, value));
  const kept = (name) => storage((all) => all.getItem(name)) || "";
  let talk = kept("talk");

  const set = (box, value) => {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), "value").set.call(box, value);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Gradio hears a click only when it has loaded, which it says by "ready" in the hidden box. After a lost
  // connection it loads the whole page anew, so what is said is kept until it was sent.
  let said = new URLSearchParams();
  let ready = false;
  const tell = (fields) => {
    said = new URLSearchParams(fields);
    if (!said.has("again")) keep("unsent", said.toString());
    if (ready) hand();
  };
  const hand = () => {
    set(document.querySelector("#form :is(textarea, input)"), said.toString());
    const send = document.querySelector("#send-form");
    setTimeout(() => (send.matches("button") ? send : send.querySelector("button")).click(), 30);
  };

  // What did not get through is said above the question, and nothing that was typed is lost.
  const trouble = (words) => {
    let box = document.getElementById("trouble");
    if (!box) {
      box = Object.assign(document.createElement("p"), { id: "trouble", className: "notice problem" });
      box.setAttribute("role", "alert");
      document.getElementById("question").prepend(box);
    }
    box.hidden = !words;
    box.textContent = words;
    const typed = document.querySelector("#question textarea");
    if (words && said.get("q") && !typed.value) set(typed, said.get("q"));
    if (words) keep("failed", said.get("q") || "");
    if (words) keep("unsent", "");
  };
  const through = window.fetch;
  window.fetch = async (...sent) => {
    const asking = String(sent[0]?.url ?? sent[0]).includes("/queue/join");
    try {
      const answer = await through(...sent);
      if (asking) trouble(answer.ok ? "" : (await answer.clone().json().catch(() => ({}))).detail || "服务出了点问题,请过一会儿再试,或拨打12333。");
      if (asking && answer.ok && said.toString() && String(sent[1]?.body).includes(said.toString())) keep("unsent", "");
      return answer;
    } catch (error) {
      if (asking) trouble("没有连上服务。您的话还在框里,请再点一次发送,或拨打12333。");
      throw error;
    }
  };

  setInterval(() => {
    const box = document.querySelector("#form :is(textarea, input)");
    if (box?.value !== "ready") return;
    set(box, "");
    document.querySelector("#question textarea").dataset.ready = "1";
    if (ready) return;
    ready = true;
    const unsent = kept("unsent") || said.toString();
    if (unsent && !kept("failed")) tell(new URLSearchParams(unsent));
    else if (talk) tell({ again: 1, talk });
    if (kept("failed")) set(document.querySelector("#question textarea"), kept("failed"));
    keep("failed", "");
  }, 50);

  const where = () => {
    const form = new FormData(document.getElementById("where"));
    return { city: form.get("city") || "", as_of: form.get("as_of") || "" };
  };

  const say = (entries) => {
    const fields = { ...where(), ...entries };
    if (talk) fields.talk = talk;
    tell(fields);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id === "forget") { event.preventDefault(); forget(); return; }
    if (!form.matches("[data-say]")) return;
    event.preventDefault();
    const said = new FormData(form, event.submitter);
    const fields = new URLSearchParams(said);
    if (form.id === "where" && !fields.get("q")) return;
    for (const [name, value] of Object.entries(where())) if (!fields.has(name)) fields.set(name, value);
    if (talk) fields.set("talk", talk);
    tell(fields);
  });

  const forget = async () => {
    const answer = await through(`/api/conversations/${talk}`, { method: "DELETE" }).catch(() => null);
    if (!answer || (!answer.ok && answer.status !== 404)) { trouble("没有删成,请再点一次,或拨打12333。"); return; }
    keep("talk", "");
    location.reload();
  };

  // What is typed into Gradio's own box is said as a form, too.
  const typed = (box) => {
    const words = box.value.trim();
    if (!words) { box.focus(); return; }
    set(box, "");
    keep("failed", "");
    say({ q: words });
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    if (!event.target.matches("#question textarea")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    typed(event.target);
  }, true);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#question button")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    typed(document.querySelector("#question textarea"));
  }, true);

  document.addEventListener("change", (event) => {
    if (event.target.id !== "city") return;
    const city = encodeURIComponent(event.target.value);
    fetch(`/look?city=${city}&back=${encodeURIComponent(`/questions?city=${city}`)}`)
      .then((answer) => answer.text())
      .then((html) => { document.querySelector("[data-questions]").innerHTML = html; window.pageSays("常问的问题已换成这个城市的"); })
      .catch(() => {});
  });

  // A new reply is read from its beginning: the page goes there once, and nothing moves after that.
  let shown = 0;
  const seen = () => {
    // Gradio names its parts in English, and a message by its whole HTML: a screen reader would read that.
    document.querySelector("#log [role=log]")?.setAttribute("aria-label", "对话");
    for (const named of document.querySelectorAll('#log [aria-label*="message:"]')) named.removeAttribute("aria-label");
    const replies = document.querySelectorAll("#log article.reply");
    const working = document.querySelector("#log .working");
    const last = working || replies[replies.length - 1];
    if (replies.length) {
      talk = replies[replies.length - 1].dataset.talk;
      keep("talk", talk);
      const form = document.getElementById("forget");
      form.hidden = false;
      form.elements.talk.value = talk;
    }
    const count = replies.length + (working ? 0.5 : 0);
    if (last && count !== shown) {
      const asked = last.closest(".message-row")?.previousElementSibling || last;
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      requestAnimationFrame(() => asked.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" }));
    }
    shown = count;
  };
  new MutationObserver(seen).observe(document.body, { childList: true, subtree: true });
  seen();
})();
