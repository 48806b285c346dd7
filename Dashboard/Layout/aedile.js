// Everything the browser does by itself: the theme, coming back after a silo's restart, and staying signed in.
(() => {
  const year = 365 * 24 * 3600;
  const root = document.documentElement;

  const isDark = () => root.dataset.theme === 'dark'
    || (root.dataset.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);

  const setTheme = theme => {
    root.dataset.theme = theme;
    document.cookie = `aedile-theme=${theme}; path=/; max-age=${year}; samesite=strict`;
    document.querySelectorAll('link[data-for]').forEach(link => {
      link.media = link.dataset.for === theme ? 'all' : 'not all';
    });
  };

  document.addEventListener('click', event => {
    if (event.target.closest('[data-action=theme]')) setTheme(isDark() ? 'light' : 'dark');
  });

  // The other silos: given with the page, renewed with each answer about the session.
  let others = (document.body.dataset.silos || '').split(' ').filter(silo => silo);
  const askSession = async () => {
    const answer = await fetch('/session', { cache: 'no-store' }).catch(() => null);
    const list = answer?.headers.get('aedile-silos');
    if (list != null) others = list.split(' ').filter(silo => silo);
    return answer;
  };
  // Another silo is another origin: its answer can't be read, but that there is one can be seen.
  const answers = silo => fetch(`${silo}/healthz`, {
    cache: 'no-store', mode: 'no-cors', credentials: 'omit', signal: AbortSignal.timeout(2000),
  }).then(() => true, () => false);
  const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));

  // Blazor reports a lost circuit by classes on this element, and reconnects by itself. When the silo is back but the
  // circuit is gone, only a fresh page helps; when the silo stays away, another one has the same page: the address
  // holds all that matters, and the cookie is the same for every port of this host.
  const modal = document.getElementById('components-reconnect-modal');
  const is = (...names) => names.some(name => modal.classList.contains(`components-reconnect-${name}`));
  let healing = false;
  const heal = async () => {
    for (let misses = 0; is('show', 'failed', 'rejected', 'retrying', 'paused'); await pause(1000)) {
      if (await answers(location.origin)) {
        misses = 0;
        if (is('failed', 'rejected')) return location.reload();
      } else if (++misses >= 2) {
        for (const silo of others) {
          if (await answers(silo)) return location.assign(silo + location.pathname + location.search);
        }
      }
    }
    healing = false;
  };
  new MutationObserver(() => {
    if (healing || !is('show', 'failed', 'rejected')) return;
    healing = true;
    heal();
  }).observe(modal, { attributes: true, attributeFilter: ['class'] });

  // A circuit doesn't renew the cookie's sliding life, a request does.
  if (location.pathname !== '/sign-in') {
    setInterval(async () => {
      if ((await askSession())?.status === 401) location.reload();
    }, 30 * 1000);
  }
})();
