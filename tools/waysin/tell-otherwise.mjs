#!/usr/bin/env node
// Tells a simulated Stripe account's history (events in order, one a line) as Chargebee or as the product itself would have told it,
// so that the same lifecycle can come in by every way and the balances be compared.
import { readFileSync, writeFileSync } from 'node:fs';

const [, , from, to, out] = process.argv;
if (!out || !['api', 'chargebee'].includes(to)) {
  console.error('usage: tell-otherwise.mjs IN-ORDER.ndjson api|chargebee OUT.ndjson');
  process.exit(64);
}
const events = readFileSync(from, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
const customers = new Map();   // id → the customer as last seen
const refunded = new Map();    // charge → given back so far
const invoices = new Map();    // id → the paid invoice
const signedUp = new Set();
const told = [];
const seen = new Set();

for (const event of events) {
  if (seen.has(event.id)) continue;
  seen.add(event.id);
  const object = event.data.object;
  switch (event.type) {
    case 'customer.created':
    case 'customer.updated':
    case 'customer.deleted':
      customers.set(object.id, object);
      customer(event, object);
      break;
    case 'invoice.paid':
      invoices.set(object.id, object);
      if (object.amount_paid > 0) paid(event, object);
      break;
    case 'charge.refunded': {
      const before = refunded.get(object.id) ?? 0;
      refunded.set(object.id, object.amount_refunded);
      if (object.amount_refunded > before && object.invoice) givenBack(event, object, object.amount_refunded - before);
      break;
    }
    case 'customer.subscription.deleted':
      if (to === 'chargebee') chargebee(event, 'subscription_cancelled', {
        subscription: { id: object.id, customer_id: object.customer, status: 'cancelled', cancelled_at: object.ended_at ?? event.created }, customer: customerOf(object.customer),
      });
      break;
  }
}
writeFileSync(out, told.map((one) => JSON.stringify(one)).join('\n') + '\n');
console.log(`${told.length} events for ${to}`);

function customer(event, object) {
  if (to === 'chargebee') {
    chargebee(event, { 'customer.created': 'customer_created', 'customer.updated': 'customer_changed', 'customer.deleted': 'customer_deleted' }[event.type], { customer: customerOf(object.id) });
    return;
  }
  const who = referral(object.id);
  if (!who || signedUp.has(object.id)) return;
  signedUp.add(object.id);
  api(event, who, 'new-signup', { price: 0, currency: '' });
}

function paid(event, invoice) {
  const at = invoice.status_transitions?.paid_at ?? event.created;
  if (to === 'chargebee') {
    const payment = invoice.charge ?? `txn_${invoice.id}`;
    const tax = invoice.total - (invoice.total_excluding_tax ?? invoice.total);
    chargebee(event, 'payment_succeeded', {
      transaction: { id: payment, customer_id: invoice.customer, type: 'payment', date: at, amount: invoice.amount_paid, status: 'success', currency_code: invoice.currency.toUpperCase() },
      invoice: {
        id: invoice.id, customer_id: invoice.customer, subscription_id: invoice.subscription ?? undefined, status: 'paid', price_type: 'tax_exclusive', total: invoice.total, amount_paid: invoice.amount_paid, tax,
        currency_code: invoice.currency.toUpperCase(), paid_at: at, linked_payments: [{ txn_id: payment }],
      },
      customer: customerOf(invoice.customer),
    });
    return;
  }
  const who = referral(invoice.customer);
  if (who) api(event, who, 'invoice-paid', { price: major(invoice.amount_paid, invoice.currency), currency: invoice.currency.toUpperCase() }, { invoiceId: invoice.id, interval: 'monthly', productKey: 'plan' }, at);
}

function givenBack(event, charge, amount) {
  if (to === 'chargebee') {
    chargebee(event, 'payment_refunded', {
      transaction: { id: `re_${event.id}`, customer_id: charge.customer, type: 'refund', date: event.created, amount, status: 'success', currency_code: charge.currency.toUpperCase(), refunded_txn_id: charge.id },
      invoice: { id: charge.invoice, customer_id: charge.customer },
      customer: customerOf(charge.customer),
    });
    return;
  }
  const who = referral(charge.customer);
  if (who) api(event, who, 'charge-refunded', { price: major(amount, charge.currency), currency: charge.currency.toUpperCase() }, { invoiceId: charge.invoice });
}

function chargebee(event, type, content) {
  told.push({ id: event.id.replace('evt_', 'ev_'), occurred_at: event.created, source: 'api', object: 'event', api_version: 'v2', content, event_type: type });
}

function customerOf(id) {
  const known = customers.get(id);
  return { id, email: known?.email, created_at: known?.created, object: 'customer', meta_data: { ...known?.metadata } };
}

function api(event, who, trigger, money, subscription, at = event.created) {
  told.push({
    eventName: 'ReferralUpdated',
    payload: { ucc: who.ucc, newUserId: who.user, ...money },
    context: { newUser: { id: who.user, email: who.email }, event: { trigger, timestamp: new Date(at * 1000).toISOString() }, ...(subscription ? { subscription } : {}) },
  });
}

function referral(customer) {
  const known = customers.get(customer);
  const { cello_ucc: ucc, new_user_id: user } = known?.metadata ?? {};
  return ucc && user ? { ucc, user, email: known.email ?? `${user}@example.com` } : null;
}

/** Major units as a JSON number, without a float's rounding. */
function major(minor, currency) {
  const digits = { jpy: 0, kwd: 3 }[currency] ?? 2;
  const text = String(minor).padStart(digits + 1, '0');
  return Number(digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text);
}
