/* The page's own behaviour: places by address, actions, forms, keys. It decides nothing: what a
   button means is decided by the server, which gets its name and its values. */
(() => {
  'use strict';
  const root = document.documentElement;
  const PLACES = ['chat', 'jobs', 'runs', 'insight', 'skills', 'models', 'settings'];
  let tell = null; // how the server is told: set when the page's mount is there
  let settled = ''; // the address whose place is shown
  let reshow = null; // shows what came last, if it is for the address

  const address = () => (location.hash.startsWith('#/') ? location.hash : '#/chat');
  const place = () => {
    const name = address().slice(2).split(/[/?]/)[0];
    return PLACES.includes(name) ? name : 'chat';
  };

  function mark() {
    root.dataset.place = place();
    for (const link of document.querySelectorAll('#nav a')) {
      if (link.dataset.place === place()) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }
  mark();

  const look = () => localStorage.getItem('assistant-look') || 'system';
  function paint() {
    const dark = look() === 'dark' || (look() === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
    document.body?.classList.toggle('dark', dark);
    for (const box of document.querySelectorAll('[data-look]')) box.setAttribute('aria-pressed', String(box.dataset.look === look()));
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
  document.addEventListener('DOMContentLoaded', paint);

  /* Changing what is shown without losing what somebody types, unfolds or has the focus on. */
  const keyOf = (node) => (node.nodeType === 1 ? node.dataset?.key || node.id || '' : '');
  function morph(from, to) {
    if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName || keyOf(from) !== keyOf(to)) {
      from.replaceWith(to.cloneNode(true));
      return;
    }
    if (from.nodeType !== 1) {
      if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
      return;
    }
    const kept = from.nodeName === 'DETAILS' ? ['open'] : [];
    for (const {name} of [...from.attributes]) if (!to.hasAttribute(name) && !kept.includes(name)) from.removeAttribute(name);
    for (const {name, value} of [...to.attributes]) {
      if (kept.includes(name) || from.getAttribute(name) === value) continue;
      from.setAttribute(name, value);
      if (name === 'value' && from !== document.activeElement && 'value' in from) from.value = value;
    }
    if (from.nodeName === 'TEXTAREA' || from.nodeName === 'SELECT') {
      if (from.innerHTML !== to.innerHTML && from !== document.activeElement) { from.innerHTML = to.innerHTML; if (from.nodeName === 'TEXTAREA') from.value = to.value; }
      return;
    }
    children(from, to);
  }
  function children(from, to) {
    const byKey = new Map();
    for (const node of from.childNodes) if (keyOf(node)) byKey.set(keyOf(node), node);
    let at = from.firstChild;
    for (const next of [...to.childNodes]) {
      const known = keyOf(next) && byKey.get(keyOf(next));
      if (known && known !== at && known.parentNode === from) from.insertBefore(known, at);
      const here = known && known.parentNode === from ? known : at;
      if (!here) { from.appendChild(next.cloneNode(true)); continue; }
      at = here.nextSibling;
      morph(here, next);
    }
    while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
  }
  function put(element, html) {
    const made = document.createElement('template');
    made.innerHTML = `<div>${html || ''}</div>`;
    children(element, made.content.firstChild);
  }

  /* What a form holds: texts, ticked boxes (several of one name as a list), files as base64. */
  async function values(form, pressed) {
    const found = {};
    const add = (name, value) => { found[name] = name in found ? [].concat(found[name], value) : value; };
    for (const control of form.elements) {
      if (!control.name || control.disabled || control.type === 'submit' || control.type === 'button') continue;
      if (control.type === 'checkbox') { if (control.checked) add(control.name, control.value); }
      else if (control.type === 'radio') { if (control.checked) add(control.name, control.value); }
      else if (control.type === 'file') { for (const file of control.files) add(control.name, {name: file.name, base64: await base64(file)}); }
      else add(control.name, control.value);
    }
    if (pressed?.name) found[pressed.name] = pressed.value;
    return found;
  }
  const base64 = (file) => new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).split(',')[1] || '');
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });

  /* The first line is the question. What is lost for good is not pressed by a stray Enter. */
  function ask(text, yes, no, danger) {
    return new Promise((done) => {
      const box = document.createElement('dialog');
      box.className = 'ask';
      box.setAttribute('aria-label', text.split('\n')[0]);
      const words = document.createElement('p'), [question, ...rest] = text.split('\n');
      words.append(Object.assign(document.createElement('b'), {textContent: question}), rest.map((line) => `\n${line}`).join(''));
      const row = document.createElement('div');
      const button = (label, answer, kind) => {
        const made = document.createElement('button');
        made.className = `button ${kind}`;
        made.textContent = label;
        made.onclick = () => { box.close(); done(answer); };
        row.append(made);
        return made;
      };
      const go = button(yes, true, danger ? 'danger' : 'primary'), stay = button(no, false, '');
      box.append(words, row);
      box.addEventListener('close', () => { box.remove(); done(false); });
      document.body.append(box);
      box.showModal();
      (danger ? stay : go).focus();
    });
  }

  async function act(element, given) {
    const question = element.dataset.ask;
    const words = window.assistantWords || {};
    if (question && !(await ask(question, words.yes || 'Yes', words.no || 'No', element.classList.contains('danger')))) return;
    if (element.dataset.look) { localStorage.setItem('assistant-look', element.dataset.look); paint(); return; }
    document.body.dataset.busy = 'yes';
    clearTimeout(unheard);
    unheard = setTimeout(silent, 12000);
    tell?.({kind: 'act', act: element.dataset.act, values: given, address: address()});
  }

  document.addEventListener('click', (event) => {
    if (!event.target.closest?.('#new-job')) return;
    if (address() !== '#/chat') location.hash = '#/chat';
    setTimeout(() => document.querySelector('#prompt textarea')?.focus(), 60);
  });
  document.addEventListener('click', async (event) => {
    const at = event.target.closest?.('[data-act],[data-copy],[data-keys],[data-look],[data-close],[data-fold]');
    if (!at || at.tagName === 'FORM') return;
    if (at.dataset.copy !== undefined) {
      await navigator.clipboard?.writeText(at.dataset.copy);
      at.classList.add('done');
      setTimeout(() => at.classList.remove('done'), 1500);
    } else if (at.dataset.fold !== undefined) refold(at);
    else if (at.dataset.keys !== undefined) keys();
    else if (at.dataset.close !== undefined) hush();
    else if (at.dataset.look !== undefined) act(at, {});
    else if (at.dataset.act && at.type !== 'submit') {
      event.preventDefault();
      act(at, JSON.parse(at.dataset.values || '{}'));
    }
  });
  /* What is folded in a place stands in its address; in the chat the server keeps it. */
  function refold(at) {
    if (!at.closest('#place')) return;
    const [path, query] = address().split('?');
    const asked = new URLSearchParams(query);
    const shut = new Set((asked.get('fold') || '').split(',').filter(Boolean));
    if (!shut.delete(at.dataset.fold)) shut.add(at.dataset.fold);
    if (shut.size) asked.set('fold', [...shut].join(',')); else asked.delete('fold');
    history.replaceState(null, '', String(asked) ? `${path}?${asked}` : path);
    go();
  }
  document.addEventListener('keydown', (event) => {
    const fold = event.target.closest?.('#place [data-fold]');
    if (fold && (event.key === 'Enter' || event.key === ' ')) { event.preventDefault(); refold(fold); }
  });
  document.addEventListener('change', (event) => {
    if (event.target.dataset?.upload && event.target.files.length) {
      const input = event.target;
      base64(input.files[0]).then((packed) => {
        tell?.({kind: 'act', act: input.dataset.upload, values: {file: {name: input.files[0].name, base64: packed}}, address: address()});
        input.value = '';
      });
      return;
    }
    const chosen = event.target.closest?.('[data-change]');
    if (chosen) tell?.({kind: 'act', act: chosen.dataset.change, values: {value: chosen.value}, address: address()});
  });
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (form.dataset.act) { event.preventDefault(); act(form, await values(form, event.submitter)); }
    else if (form.dataset.filter !== undefined) { event.preventDefault(); filter(form); }
  });
  let waiting = 0;
  async function filter(form) {
    const given = await values(form);
    const [path] = address().split('?');
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(given)) for (const one of [].concat(value)) if (one) query.append(name, one);
    const asked = String(query);
    history.replaceState(null, '', asked ? `${path}?${asked}` : path);
    go();
  }
  document.addEventListener('input', (event) => {
    const form = event.target.closest?.('form[data-filter]');
    if (!form) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => filter(form), event.target.type === 'search' ? 180 : 0);
  });
  document.addEventListener('change', (event) => {
    const all = event.target.closest?.('[data-all]');
    if (!all) return;
    for (const box of all.closest('form').querySelectorAll(`input[name="${all.dataset.all}"]`)) box.checked = all.checked;
  });

  /* A press that nobody has answered is said to be lost: the panel has ended, or the line is cut. */
  let unheard = 0;
  async function silent() {
    try { if ((await fetch('/healthz', {cache: 'no-store'})).ok) return; } catch { /* nobody is there */ }
    delete document.body.dataset.busy;
    const box = document.querySelector('#said .mount'), words = (window.assistantWords || {}).no_answer;
    if (!box || !words) return;
    box.innerHTML = '<div class="said bad" role="alert"><div><b></b></div></div>';
    box.querySelector('b').textContent = words;
  }

  /* What is written and not sent yet stays, also when the page is loaded anew. */
  const WRITTEN = 'assistant-written';
  document.addEventListener('input', (event) => {
    if (!event.target.matches?.('#prompt textarea')) return;
    sessionStorage.setItem(WRITTEN, event.target.value);
    clearInterval(later);
  });
  function written(field) {
    const kept = sessionStorage.getItem(WRITTEN);
    if (!field || field.value || !kept) return;
    field.value = kept;
    field.dispatchEvent(new Event('input', {bubbles: true}));
  }
  let sending = false; // from the press until the answer is whole
  let later = 0; // what is sent meanwhile goes when that answer is whole, unless it is written on
  const answering = () => sending || visible(document.querySelector('#stop'));
  function sendLater() {
    clearInterval(later);
    later = setInterval(() => {
      if (answering()) return;
      clearInterval(later);
      document.querySelector('#send')?.click();
    }, 200);
  }

  /* What an action came to: told for a while, an error until it is closed. */
  let hushing = 0, following = false, acted = false;
  function said(html) {
    acted = true;
    clearTimeout(unheard);
    delete document.body.dataset.busy;
    const box = document.querySelector('#said .mount');
    if (!box) return;
    box.innerHTML = html || '';
    const told = box.firstElementChild;
    clearTimeout(hushing);
    if (!told) return;
    const target = told.dataset.go;
    if (told.dataset.leave) { leave(told.dataset.leave); return; }
    if (target && target !== address()) { following = true; location.hash = target; }
    if (!told.classList.contains('bad')) hushing = setTimeout(hush, 7000);
  }
  function hush() { const box = document.querySelector('#said .mount'); if (box) box.innerHTML = ''; }
  async function leave(link) {
    for (let tries = 0; tries < 240; tries += 1) {
      await new Promise((r) => setTimeout(r, 500));
      try { if ((await fetch('/healthz', {cache: 'no-store'})).ok && tries > 1) { location.href = link + location.hash; return; } } catch { /* it is not back yet */ }
    }
  }

  /* The line of a text that an address names is chosen and in sight. */
  function aim(field) {
    if (!field) return;
    const lines = field.value.split('\n'), line = Math.max(1, Math.min(Number(field.dataset.line), lines.length));
    const from = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    field.focus({preventScroll: true});
    field.setSelectionRange(from, from + (lines[line - 1] || '').length);
    const height = field.scrollHeight / lines.length;
    field.scrollTop = Math.max(0, (line - 4) * height);
    field.scrollIntoView({block: 'nearest'});
  }

  function go() {
    const before = settled.slice(2).split(/[/?]/)[0];
    mark();
    const mount = document.querySelector('#place .mount');
    if (mount && before !== place()) mount.innerHTML = `<p class="moment" role="status">${(window.assistantWords || {}).loading || '…'}</p>`;
    settled = '';
    reshow?.(); // what has come for this address already does not come again
    tell?.({kind: 'go', address: address()});
  }
  window.addEventListener('hashchange', () => {
    if (!following) hush();
    following = false;
    go();
    if (place() !== 'chat') document.querySelector('#place')?.scrollTo?.(0, 0);
  });

  /* Keys: one list, made on the server. */
  let before = '', beforeAt = 0;
  const combination = (event) => {
    const parts = [];
    if (event.ctrlKey || event.metaKey) parts.push('Ctrl');
    if (event.altKey) parts.push('Alt');
    if (event.shiftKey && (event.key.length > 1 || event.ctrlKey || event.metaKey)) parts.push('Shift');
    parts.push(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    return parts.join('+');
  };
  const visible = (element) => element && element.offsetParent !== null && !element.disabled;
  function step(by) {
    const all = [...document.querySelectorAll('#place tbody a[href], #place .step-row a[href], #place .tile[href]')].filter(visible);
    const here = all.indexOf(document.activeElement);
    (all[here < 0 ? 0 : Math.min(Math.max(here + by, 0), all.length - 1)])?.focus();
  }
  function keys() {
    const box = document.querySelector('#keys dialog');
    if (!box) return;
    if (box.open) box.close(); else { box.showModal(); box.querySelector('button')?.focus(); }
  }
  const verbs = {
    go: (target) => { location.hash = target; },
    click: (target) => {
      const found = target.split('|').map((one) => [...document.querySelectorAll(one)].pop()).find(visible);
      found?.click();
      return Boolean(found);
    },
    write: () => { if (place() !== 'chat') location.hash = '#/chat'; setTimeout(() => document.querySelector('#prompt textarea')?.focus(), 60); },
    search: () => {
      const inside = document.querySelector('#place-search');
      (place() !== 'chat' && visible(inside) ? inside : document.querySelector('#job-search'))?.focus();
    },
    next: () => step(1),
    previous: () => step(-1),
    keys,
  };
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return;
    const typing = /INPUT|TEXTAREA|SELECT/.test(event.target.tagName) || event.target.isContentEditable;
    const pressed = combination(event);
    const now = Date.now();
    const pair = now - beforeAt < 1200 ? `${before} ${pressed}` : '';
    before = pressed; beforeAt = now;
    for (const key of window.assistantKeys || []) {
      const wanted = key.keys.split(' ').map((one) => one.split('+').map((p) => (p.length === 1 ? p.toLowerCase() : p)).join('+')).join(' ');
      if (wanted !== pressed && wanted !== pair) continue;
      if (typing && !key.typing) continue;
      if (wanted === pressed && pair && pair.startsWith('g ') && !event.ctrlKey) continue;
      const [verb, ...rest] = key.does.split(' ');
      if (verbs[verb](rest.join(' ')) !== false) event.preventDefault();
      return;
    }
  });

  /* Jobs in the list beside the chat: their search, and the address of the focused one. */
  function sift() {
    const wanted = (document.querySelector('#job-search')?.value || '').trim().toLowerCase();
    const rows = [...document.querySelectorAll('#job-list li')], none = document.querySelector('#job-list .jobs-none');
    for (const row of rows) row.hidden = Boolean(wanted) && !row.dataset.words.includes(wanted);
    if (none) none.hidden = rows.some((row) => !row.hidden);
  }
  document.addEventListener('input', (event) => { if (event.target.id === 'job-search') sift(); });
  document.addEventListener('keydown', (event) => {
    if (event.target.id !== 'job-search' || event.key !== 'Enter') return;
    const words = event.target.value.trim();
    const first = [...document.querySelectorAll('#job-list li')].find((row) => !row.hidden);
    if (first) first.querySelector('a').click();
    else if (words) location.hash = `#/jobs?q=${encodeURIComponent(words)}`;
  });

  /* The person's own word for a job, in what is made only once. */
  function renoun(words) {
    if (!words) return;
    const put = (element, text) => { if (element && element.textContent.trim() !== text) element.textContent = text; };
    put(document.querySelector('#nav a[data-place=jobs]'), words.tab);
    put(document.querySelector('#new-job'), words.new);
    const search = document.querySelector('#job-search');
    if (search) { search.placeholder = `${words.search}  Ctrl K`; search.setAttribute('aria-label', words.search); }
  }

  window.assistant = {
    /* A part that is shown by morphing: `props.value` is its HTML. */
    part(element, trigger, props, watch) {
      const mount = element.querySelector('.mount');
      const show = () => put(mount, props.value);
      watch('value', show);
      show();
      element.addEventListener('click', (event) => {
        const fold = event.target.closest('[data-fold]');
        if (fold) { event.preventDefault(); trigger('select', {fold: fold.dataset.fold}); }
      });
      element.addEventListener('keydown', (event) => {
        const fold = event.target.closest('[data-fold]');
        if (fold && (event.key === 'Enter' || event.key === ' ')) { event.preventDefault(); trigger('select', {fold: fold.dataset.fold}); }
      });
    },
    /* What can be done now, as words by which the style sheet hides buttons. */
    can(_element, props, watch) {
      const show = () => { root.dataset.can = props.value || ''; };
      watch('value', show);
      show();
    },
    jobs(element, props, watch) {
      const mount = element.querySelector('.mount');
      const show = () => {
        put(mount, props.value);
        renoun(mount.querySelector('[data-tab]')?.dataset);
        sift();
        const focused = mount.querySelector('[aria-current="true"]')?.dataset.job || '';
        if (place() === 'chat' && address() !== '#/chat' && focused && address().split('?')[0] !== `#/chat/${focused}`) history.replaceState(null, '', `#/chat/${focused}`);
      };
      watch('value', show);
      show();
    },
    /* The place of the address. What was made for another address comes too late and is left out. */
    place(element, trigger, props, watch) {
      const mount = element.querySelector('.mount');
      // As text: Gradio takes any record that has a `path` for a file of its own.
      tell = (what) => trigger('select', {...what, values: JSON.stringify(what.values || {})});
      const show = () => {
        const made = document.createElement('template');
        made.innerHTML = props.value || '';
        const at = made.content.firstElementChild?.dataset.at || '';
        if (at ? at !== address() : place() !== 'chat') return;
        put(mount, props.value);
        // On a phone the parts of a place are wider than the screen.
        const part = settled !== at && mount.querySelector('.parts [aria-current=page]');
        if (part) part.parentElement.scrollLeft += part.getBoundingClientRect().left - (innerWidth - part.offsetWidth) / 2; // the bar alone, never the page
        if (settled !== at) aim(mount.querySelector('textarea[data-line]'));
        settled = at;
        paint();
      };
      reshow = show;
      watch('value', show);
      show();
    },
    address,
    /* [what is sent, what stays written]. */
    take(text) {
      const empty = !(text || '').trim();
      if (!empty && answering()) sendLater();
      if (empty || answering()) return ['', text];
      sending = true;
      sessionStorage.removeItem(WRITTEN);
      return [text, ''];
    },
    /* What never reached the server is written again. */
    giveBack(held, text) { return visible(document.querySelector('#stop')) ? text : text || held; },
    answered() { sending = false; },
    /* Whether something was done since this was asked last. */
    acted() { const was = acted; acted = false; return was; },
    said(element, props, watch) { watch('value', () => said(props.value)); },
    begin() {
      paint();
      mark();
      go();
      // A request that was lost, as while the panel begins again, is made once more.
      let asked = '', times = 0;
      setInterval(() => {
        if (place() === 'chat' || settled === address()) { times = 0; return; }
        times = asked === address() ? times + 1 : 1;
        asked = address();
        if (times > 1 && times < 8) tell?.({kind: 'go', address: asked});
      }, 2000);
      const field = document.querySelector('#prompt textarea');
      written(field);
      if (place() === 'chat' && matchMedia('(min-width: 821px)').matches) field?.focus();
      // Gradio's own tool line is a button around a button without a name; its starters are a list of no items.
      const name = () => {
        for (const inner of document.querySelectorAll('#bot [role=button].title button')) inner.inert = true;
        for (const box of document.querySelectorAll('#bot .thought-group button:not([inert])')) if (!box.getAttribute('aria-label') && !box.textContent.trim()) box.setAttribute('aria-label', 'Details');
        for (const box of document.querySelectorAll('#bot .examples[role=list]')) box.setAttribute('role', 'group');
      };
      new MutationObserver(name).observe(document.querySelector('#bot') || document.body, {childList: true, subtree: true});
      name();
    },
  };
  dispatchEvent(new Event('assistant-here'));
})();
