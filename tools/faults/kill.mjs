// Kills portals (and, on PostgreSQL, the database too) without warning while they acknowledge events, again and again, and then looks whether
// everything that was acknowledged is there, once, and rewarded once.
//
//   node tools/faults/kill.mjs --portal PATH/Portal.dll --times 100                        SQLite, one portal
//   node tools/faults/kill.mjs --portal PATH/Portal.dll --times 50 --postgres PATH/bin     two portals and a PostgreSQL of its own, killed in turn
//
// Needs Node 20 and nothing else. Exit status 1 when something was lost or doubled, or when getting well took more than 10 seconds.
import { spawn, spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, mkdirSync, copyFileSync, existsSync, readFileSync, rmSync, chownSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: asked } = parseArgs({ options: { portal: { type: 'string' }, times: { type: 'string', default: '20' }, postgres: { type: 'string' }, port: { type: 'string', default: '5391' } } });
const [times, firstPort, longest] = [Number(asked.times), Number(asked.port), 10_000];
const folder = mkdtempSync(join(tmpdir(), 'portal-kill-'));
const secret = 'whsec_' + randomBytes(16).toString('hex');
const key = { accessKeyId: 'key-kill', secretAccessKey: randomBytes(16).toString('hex') };
const sleep = ms => new Promise(done => setTimeout(done, ms));
const portals = (asked.postgres ? [0, 1] : [0]).map(n => ({ n, base: `http://127.0.0.1:${firstPort + n}`, data: join(folder, `data-${n}`) }));
const database = { data: join(folder, 'postgres'), port: firstPort + 100 };

function startPortal(portal) {
  mkdirSync(portal.data, { recursive: true });
  const master = join(portals[0].data, 'master.key');
  if (portal.n > 0 && existsSync(master)) copyFileSync(master, join(portal.data, 'master.key'));
  const env = {
    ...process.env, Urls: portal.base, Portal__DataDirectory: portal.data, Logging__LogLevel__Default: 'Error',
    Bootstrap__Admin__Email: 'admin@example.com', Bootstrap__Admin__Password: 'heron lantern quiet 42', Bootstrap__Sandbox__StripeSigningSecret: secret,
    Bootstrap__Sandbox__AccessKeyId: key.accessKeyId, Bootstrap__Sandbox__SecretAccessKey: key.secretAccessKey,
    ...(asked.postgres && { Database__Provider: 'Postgres', ConnectionStrings__Portal: `Host=127.0.0.1;Port=${database.port};Username=postgres;Database=portal` }),
  };
  portal.process = spawn('dotnet', [asked.portal], { env, cwd: dirname(asked.portal), stdio: ['ignore', 'ignore', 'pipe'] });
  portal.errors = '';
  portal.process.stderr.on('data', data => { portal.errors = (portal.errors + data).slice(-2000); });
}

const asPostgres = process.getuid?.() === 0 ? (spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' }).stdout.trim()) : undefined;
const postgres = (program, args) => spawnSync(join(asked.postgres, program), args, { encoding: 'utf8', uid: asPostgres && Number(asPostgres), cwd: '/' });

function startDatabase() {
  database.process = spawn(join(asked.postgres, 'postgres'), ['-D', database.data, '-p', String(database.port), '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${database.data}`, '-c', 'max_connections=200'],
    { uid: asPostgres && Number(asPostgres), cwd: '/', stdio: 'ignore' });
}

async function ready(portal) {
  for (const since = Date.now(); Date.now() - since < 120_000;) {
    try {
      if ((await fetch(portal.base + '/healthz/ready', { signal: AbortSignal.timeout(3000) })).ok) return;
    } catch { /* not yet */ }
    if (portal.process.exitCode !== null) throw new Error(`The portal stopped: ${portal.errors}`);
    await sleep(25);
  }
  throw new Error('The portal is not ready after two minutes.');
}

const template = (name, event) => JSON.stringify({ id: event.id, object: 'event', api_version: '2025-03-31.basil', created: event.at, livemode: false, type: name, data: { object: event.object } });
const events = n => {
  const at = Math.floor(Date.now() / 1000) - 100;
  return [
    { id: `evt_came_${n}`, body: template('customer.created', { id: `evt_came_${n}`, at, object: { id: `cus_${n}`, object: 'customer', created: at, email: `c${n}@example.com`, livemode: false, metadata: { cello_ucc: 'killTest01', new_user_id: `user-${n}` } } }) },
    { id: `evt_paid_${n}`, body: template('invoice.paid', { id: `evt_paid_${n}`, at: at + 10, object: { id: `in_${n}`, object: 'invoice', created: at + 10, customer: `cus_${n}`, currency: 'usd', amount_paid: 10000, amount_due: 10000, total: 10000, total_excluding_tax: 10000, status: 'paid', billing_reason: 'subscription_create', livemode: false, metadata: {}, status_transitions: { paid_at: at + 10 }, lines: { object: 'list', has_more: false, data: [] } } }) },
  ];
};

const acknowledged = new Set(), counts = { sent: 0, refused: 0, broken: 0 };
let [number, stopping] = [0, false];
async function send(worker) {
  while (!stopping) {
    const n = ++number;
    for (const event of events(n)) {
      const time = Math.floor(Date.now() / 1000);
      const signature = createHmac('sha256', secret).update(`${time}.${event.body}`).digest('hex');
      try {
        counts.sent++;
        const answer = await fetch(`${portals[(worker + counts.sent) % portals.length].base}/webhooks/sandbox/stripe`, { method: 'POST', body: event.body, headers: { 'stripe-signature': `t=${time},v1=${signature}` }, signal: AbortSignal.timeout(20_000) });
        await answer.arrayBuffer();
        if (answer.status === 200) acknowledged.add(event.id);
        else counts.refused++;
      } catch {
        counts.broken++;
        await sleep(20);
      }
    }
  }
}

async function token(portal) {
  const answer = await fetch(portal.base + '/api/sandbox/token', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(key) });
  return { authorization: `Bearer ${(await answer.json()).accessToken}`, 'content-type': 'application/json' };
}
async function api(portal, headers, path, body) {
  const answer = await fetch(`${portal.base}/api/sandbox/v1/${path}`, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
async function all(portal, headers, path) {
  const items = [];
  for (let cursor = ''; ;) {
    const page = await api(portal, headers, `${path}?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    items.push(...page.items);
    if (!(cursor = page.nextCursor)) return items;
  }
}

let failed = false;
try {
  if (asked.postgres) {
    if (asPostgres) { mkdirSync(database.data); chownSync(database.data, Number(asPostgres), -1); chownSync(folder, Number(asPostgres), -1); }
    const made = postgres('initdb', ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-D', database.data]);
    if (made.status) throw new Error(made.stderr);
    startDatabase();
    while (postgres('createdb', ['-h', '127.0.0.1', '-p', String(database.port), '-U', 'postgres', 'portal']).status) await sleep(200);
  }
  for (const portal of portals) { startPortal(portal); await ready(portal); }
  let headers = await token(portals[0]);
  await api(portals[0], headers, 'referrers', { productUserId: 'ann', ucc: 'killTest01' });
  await api(portals[0], headers, 'campaigns/default/revisions', { effectiveFrom: '2020-01-01T00:00:00Z', rules: [{ kind: 'purchase', percent: '20' }] });

  const workers = Array.from({ length: 8 }, (_, n) => send(n)), recoveries = [];
  const victims = [...portals.map(portal => ({ name: `portal ${portal.n + 1}`, portal })), ...(asked.postgres ? [{ name: 'database' }] : [])];
  for (let kill = 0; kill < times; kill++) {
    const before = acknowledged.size;
    while (acknowledged.size < before + 40) await sleep(5);
    await sleep(Math.random() * 300);
    const { name, portal } = victims[kill % victims.length], since = Date.now();
    if (portal) {
      portal.process.kill('SIGKILL');
      await new Promise(done => portal.process.once('exit', done));
      startPortal(portal);
    } else {
      // All of its processes at once, as when its machine fails.
      const family = spawnSync('ps', ['-o', 'pid=', '--ppid', String(database.process.pid)], { encoding: 'utf8' }).stdout.split(/\s+/).filter(Boolean).map(Number);
      for (const pid of [database.process.pid, ...family]) { try { process.kill(pid, 'SIGKILL'); } catch { /* gone already */ } }
      await sleep(100);
      rmSync(join(database.data, 'postmaster.pid'), { force: true });
      startDatabase();
    }
    for (const each of portals) await ready(each);
    const took = Date.now() - since;
    recoveries.push(took);
    if (took > longest) failed = true;
    if ((kill + 1) % 10 === 0) console.log(`${kill + 1} kills, the last of the ${name}; ${acknowledged.size} acknowledged; well again after ${took} ms`);
  }
  stopping = true;
  await Promise.all(workers);
  headers = await token(portals.at(-1));
  while ((await api(portals.at(-1), headers, 'inbox')).pending > 0) await sleep(200);

  const stored = await all(portals.at(-1), headers, 'events'), rewards = await all(portals.at(-1), headers, 'rewards');
  const ids = stored.map(e => e.providerEventId), paid = ids.filter(id => id.startsWith('evt_paid_')).length;
  const lost = [...acknowledged].filter(id => !new Set(ids).has(id)).length, doubled = ids.length - new Set(ids).size;
  const invoices = rewards.map(r => r.invoiceId), twice = invoices.length - new Set(invoices).size;
  const waiting = stored.filter(e => e.state !== 'processed').length;
  const came = new Set(ids.filter(id => id.startsWith('evt_came_')).map(id => id.slice(9)));
  const due = ids.filter(id => id.startsWith('evt_paid_') && came.has(id.slice(9))).length;
  recoveries.sort((a, b) => a - b);
  console.log(JSON.stringify({ kills: times, ...counts, acknowledged: acknowledged.size, stored: ids.length, paid, lost, doubled, rewards: rewards.length, due, rewardedTwice: twice, notProcessed: waiting, wellAgainMs: { median: recoveries[recoveries.length >> 1], most: recoveries.at(-1) } }, null, 1));
  if (lost || doubled || twice || rewards.length !== due) failed = true;
} catch (error) {
  failed = true;
  console.error(error);
} finally {
  stopping = true;
  for (const portal of portals) portal.process?.kill('SIGKILL');
  database.process?.kill('SIGQUIT');
  await sleep(1000);
  rmSync(folder, { recursive: true, force: true });
}
console.log(failed ? 'FAILED' : 'nothing lost, nothing twice');
process.exit(failed ? 1 : 0);
