// What needs no round trip to the server. Everything is delegated from the document, so that it works for whatever is rendered later.
(() => {
  const announce = text => {
    const region = document.querySelector('[data-announcer]');
    if (region) region.textContent = text;
  };

  const copy = async button => {
    const target = button.dataset.copyFrom ? document.getElementById(button.dataset.copyFrom) : null;
    const text = target ? target.textContent : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement('textarea');   // without a secure context there is no clipboard
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    button.dataset.copied = '';
    announce('Copied');
    setTimeout(() => delete button.dataset.copied, 1600);
  };

  const currentTheme = () => document.documentElement.dataset.theme
    ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

  const toggleTheme = () => {
    const next = currentTheme() === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    localStorage.setItem('portal-theme', next);
    announce(next === 'dark' ? 'Dark theme' : 'Light theme');
  };

  document.addEventListener('click', event => {
    const button = event.target.closest('[data-copy], [data-copy-from]');
    if (button) copy(button);
    if (event.target.closest('[data-theme-toggle]')) toggleTheme();
    const tree = event.target.closest('[data-tree]');
    if (tree) {
      for (const node of document.querySelectorAll(`#${tree.dataset.tree} details`)) node.open = tree.dataset.open === 'true';
    }
  });

  // Whoever works in an open page asks the server for nothing by itself: a sign every few minutes keeps the session awake.
  let signAt = Date.now();
  const sign = () => {
    if (Date.now() - signAt < 240000 || !document.querySelector('[data-live]')) return;
    signAt = Date.now();
    fetch('/account/here', { redirect: 'manual' }).catch(() => {});
  };
  for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, sign, { passive: true });

  // j and k walk the rows of a list, / goes to its search, as in many consoles.
  const isTyping = element => element.closest('input, textarea, select, [contenteditable], [role=dialog], .rz-dialog');
  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === '/') {
      const search = document.querySelector('[data-search]');
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
      return;
    }
    if (event.key !== 'j' && event.key !== 'k') return;
    const rows = [...document.querySelectorAll('[data-row]')];
    if (rows.length === 0) return;
    event.preventDefault();
    const at = rows.indexOf(document.activeElement);
    const next = event.key === 'j' ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0);
    rows[next].focus();
    rows[next].scrollIntoView({ block: 'nearest' });
  });

  // Relative times grow old while one looks at them.
  const steps = [[60, 1, 's'], [3600, 60, 'min'], [86400, 3600, 'h'], [2592000, 86400, 'd']];
  const relative = date => {
    const seconds = (Date.now() - date) / 1000;
    const ahead = seconds < 0;
    const age = Math.abs(seconds);
    if (age < 5) return ahead ? 'in a moment' : 'just now';
    const step = steps.find(s => age < s[0]);
    if (!step) return null;
    const text = `${Math.floor(age / step[1])} ${step[2]}`;
    return ahead ? `in ${text}` : `${text} ago`;
  };
  setInterval(() => {
    for (const time of document.querySelectorAll('time[data-relative]')) {
      const text = relative(new Date(time.dateTime));
      if (text && time.firstChild && time.firstChild.nodeValue !== text) time.firstChild.nodeValue = text;
    }
  }, 10000);

  // The environment last looked at is where the next visit begins.
  const remember = () => {
    const environment = document.querySelector('[data-environment]')?.dataset.environment;
    if (environment) document.cookie = `portal-environment=${environment}; path=/; max-age=31536000; samesite=lax`;
  };
  remember();
  new MutationObserver(remember).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-environment'] });
})();
