// Writes the tokens of Portal.Tests/Component/tokens.json: npm install && node make.mjs > ../../Portal.Tests/Component/tokens.json
import jwt from 'jsonwebtoken';

const secret = 'mFq3tZ0c7Vn1uYw8Lk5Rb2Xs9Pd4Ga6He0Jf3Ki7Mo1Nq5Tt9Uv2Wx6Yz8Ab4Cd0Ef3Gh7Ij';
const older = 'an-older-secret-that-still-lives-0123456789';
const iat = 1782864000;   // 2026-07-01T00:00:00Z
const claims = { productId: 'prd_test', productUserId: 'user-1', iat };
const sign = (payload, options = {}, key = secret) => jwt.sign(payload, key, { algorithm: 'HS512', ...options });
const part = value => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const good = sign(claims);
const [head, , signature] = good.split('.');

const tokens = {
  secret, older, iat,
  good: {
    plain: good,
    'with an expiry': sign({ ...claims, exp: iat + 3600 }),
    'with the older secret': sign(claims, {}, older),
    'of a minute ahead': sign({ ...claims, iat: iat + 60 }),
    'with an id in another script': sign({ ...claims, productUserId: 'пользователь/1 ü' }),
    'with claims of its own': sign({ ...claims, role: 'member', aud: 'web' }),
  },
  forged: {
    'tokenAlgorithm none': jwt.sign(claims, null, { algorithm: 'none' }),
    'tokenAlgorithm HS256': sign(claims, { algorithm: 'HS256' }),
    'tokenAlgorithm HS384': sign(claims, { algorithm: 'HS384' }),
    'tokenAlgorithm RS512 in name only': [part({ alg: 'RS512', typ: 'JWT' }), part(claims), signature].join('.'),
    'tokenAlgorithm hs512 in small letters': [part({ alg: 'hs512', typ: 'JWT' }), part(claims), signature].join('.'),
    'tokenSignature with a secret that nobody has': sign(claims, {}, secret + 'x'),
    'tokenSignature of somebody else': [head, part({ ...claims, productUserId: 'admin' }), signature].join('.'),
    'tokenSignature without one': [head, part(claims), ''].join('.'),
    'tokenSignature cut short': good.slice(0, -4),
    'tokenProduct of another product': sign({ ...claims, productId: 'prd_other' }),
    'tokenProduct without a product': sign({ productUserId: 'user-1', iat }),
    'tokenUser without a user': sign({ productId: 'prd_test', iat }),
    'tokenUser as a number': sign({ ...claims, productUserId: 42 }),
    'tokenUser that is empty': sign({ ...claims, productUserId: '' }),
    'tokenUser that is too long': sign({ ...claims, productUserId: 'x'.repeat(256) }),
    'tokenIssuedAt in the future': sign({ ...claims, iat: iat + 61 }),
    'tokenIssuedAt without a time': sign({ productId: 'prd_test', productUserId: 'user-1' }, { noTimestamp: true }),
    'tokenExpired': sign({ ...claims, exp: iat - 1 }),
    'tokenNotYet': sign({ ...claims, nbf: iat + 3600 }),
    'tokenType of another kind': sign(claims, { header: { typ: 'JWE' } }),
    'tokenType with an extension': sign(claims, { header: { crit: ['b64'], b64: false } }),
    'tokenMalformed in two parts': `${head}.${part(claims)}`,
    'tokenMalformed with padding': `${head}=.${part(claims)}.${signature}`,
  },
  // Signed by hand, for jsonwebtoken would not make them.
  crooked: {
    'tokenMalformed with a claim twice': '{"productId":"prd_test","productUserId":"user-1","productUserId":"admin","iat":1782864000}',
    'tokenIssuedAt as a text': '{"productId":"prd_test","productUserId":"user-1","iat":"1782864000"}',
    'tokenIssuedAt with a fraction': '{"productId":"prd_test","productUserId":"user-1","iat":1782864000.5}',
    'tokenIssuedAt with an exponent': '{"productId":"prd_test","productUserId":"user-1","iat":1e9}',
    'tokenIssuedAt beyond every calendar': '{"productId":"prd_test","productUserId":"user-1","iat":99999999999999}',
    'tokenMalformed as a list': '["prd_test"]',
    'tokenUser with half of a pair': '{"productId":"prd_test","productUserId":"\\ud800","iat":1782864000}',
  },
};
console.log(JSON.stringify(tokens, null, 2));
