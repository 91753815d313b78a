// A small server around the npm package, as its README shows it: verify, write the object to PostgreSQL, answer.
import http from 'node:http';
import { createRequire } from 'node:module';

// Its CommonJS build: the other one does not find its own migrations.
const { StripeSync, runMigrations } = createRequire(import.meta.url)('@supabase/stripe-sync-engine');

const [port, databaseUrl, secret] = process.argv.slice(2);
await runMigrations({ databaseUrl, schema: 'stripe' });
const sync = new StripeSync({
  poolConfig: { connectionString: databaseUrl, max: 20 },
  stripeSecretKey: 'sk_test_none',
  stripeWebhookSecret: secret,
  backfillRelatedEntities: false,
});
let told = false;
http.createServer((request, response) => {
  const parts = [];
  request.on('data', part => parts.push(part));
  request.on('end', async () => {
    let status = 200;
    try {
      await sync.processWebhook(Buffer.concat(parts), request.headers['stripe-signature']);
    } catch (error) {
      status = 500;
      if (!told) console.error(error);
      told = true;
    }
    response.writeHead(status, { 'Content-Length': 0 });
    response.end();
  });
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
