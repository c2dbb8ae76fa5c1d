// An OpenID provider under control, in the shape of a service: commands come in as lines of JSON, reports go out so.
// node provider.mjs '{"shape": "generic", "users": {"ann": {"name": "Ann"}}}'
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { exportJWK, generateKeyPair, SignJWT, decodeJwt, importJWK } from "jose";
import { Provider } from "oidc-provider";

console.log = console.info = console.error; // standard output is for reports
const config = JSON.parse(process.argv[2]);
const report = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const TENANT = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
// Services whose answers don't name them (RFC 9207 came after them).
const NAMELESS = ["entra", "entra-common", "google"];

const server = createServer((request, response) => serve(request, response));
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const origin = `http://127.0.0.1:${server.address().port}`;
const prefix = { generic: "", google: "", entra: `/${config.tenant}/v2.0`, "entra-common": "/common/v2.0" }[config.shape];
const issuer = origin + prefix;

const original = structuredClone(config.users);
let keys = await newKeys("first");
let clients = [];
let forgery = null;
let hindrance = null;
let provider;
let handle;
let asked = {};

async function newKey(kid, alg = "RS256") {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg, use: "sig" };
}

async function newKeys(kid) {
  const others = ["PS256", "ES256", "ES384", "Ed25519"];
  return Promise.all([newKey(kid), ...others.map((alg) => newKey(`${kid}-${alg}`, alg))]);
}

function build() {
  provider = new Provider(issuer, {
    clients,
    jwks: { keys },
    cookies: { keys: ["not a secret"] },
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "none"].filter(
      (method) => method !== "client_secret_post" || config.post !== false,
    ),
    conformIdTokenClaims: config.claims_in_id_token === false,
    claims: {
      openid: ["sub", "tid", "oid", "hd", "groups", "roles", "realm_access", "preferred_username"],
      email: ["email", "email_verified", "xms_edov"],
      profile: ["name", "given_name", "family_name"],
    },
    scopes: ["openid", "profile", "email", "offline_access"],
    pkce: { required: () => true },
    findAccount: (_, id) => {
      const claims = config.users[id];
      return claims && { accountId: id, claims: () => ({ sub: id, ...claims }) };
    },
    rotateRefreshToken: true,
    features: {
      rpInitiatedLogout: { enabled: true },
      backchannelLogout: { enabled: config.shape === "generic" },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, audience) => ({
          scope: "realtime read write admin vasi.read vasi.realtime other",
          audience,
          accessTokenTTL: 600,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }),
  });
  provider.use(afterwards);
  for (const event of ["server_error", "authorization.error", "grant.error"]) {
    provider.on(event, (_, error) => report({ failed: `${event}: ${error.message} ${error.error_description ?? ""}` }));
  }
  handle = provider.callback();
}

async function afterwards(context, next) {
  await next();
  if (context.oidc?.route === "discovery") context.body = describe(context.body);
  if (context.oidc?.route === "token" && context.body?.id_token) {
    context.body.id_token = await shaped(context.body.id_token);
  }
  if (context.oidc?.route === "userinfo" && forgery?.userinfo) Object.assign(context.body, forgery.userinfo);
  if (context.oidc?.route === "token" && forgery?.answer) Object.assign(context.body, forgery.answer);
  const location = context.response.get("location");
  if (NAMELESS.includes(config.shape) && location && URL.canParse(location)) {
    const address = new URL(location);
    if (address.origin !== origin && address.searchParams.has("iss")) {
      address.searchParams.delete("iss");
      context.set("location", address.href);
    }
  }
}

function describe(metadata) {
  const shown = { ...metadata, ...(forgery?.metadata ?? {}) };
  if (NAMELESS.includes(config.shape)) delete shown.authorization_response_iss_parameter_supported;
  if (config.shape === "entra-common") shown.issuer = `${origin}/{tenantid}/v2.0`;
  if (config.shape === "google") delete shown.end_session_endpoint;
  return shown;
}

async function shaped(token) {
  const claims = decodeJwt(token);
  if (config.shape === "entra-common") claims.iss = `${origin}/${claims.tid}/v2.0`;
  if (config.shape === "google") claims.azp = claims.aud;
  if (config.shape.startsWith("entra")) Object.assign(claims, { ver: "2.0", nbf: claims.iat });
  return sign(claims, forgery ?? {});
}

// What is null isn't there.
const present = (entries) => Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== null));

async function sign(original, { claims = {}, header = {}, by = "provider" }) {
  const payload = present({ ...original, ...claims });
  const key = keys.find(({ alg }) => alg === by) ?? keys[0];
  if (by === "none") {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part({ alg: "none", typ: "JWT" })}.${part(payload)}.`;
  }
  if (by === "public key") {
    const { kty, n, e, kid, alg, use } = key;
    const secret = Buffer.from(JSON.stringify({ kty, n, e, kid, alg, use }));
    return new SignJWT(payload).setProtectedHeader({ alg: "HS256", kid, ...header }).sign(secret);
  }
  const signer = by === "stranger" ? await newKey(key.kid) : key;
  return new SignJWT(payload)
    .setProtectedHeader(present({ alg: key.alg, kid: key.kid, ...header }))
    .sign(await importJWK(signer, header.alg ?? key.alg));
}

function serve(request, response) {
  const path = request.url.split("?")[0];
  asked[path] = (asked[path] ?? 0) + 1;
  if (hindrance && path.endsWith(hindrance.path)) return hinder(response, hindrance.by);
  if (prefix) {
    if (!request.url.startsWith(`${prefix}/`)) {
      response.writeHead(404).end();
      return undefined;
    }
    request.originalUrl = request.url;
    request.baseUrl = prefix;
    request.url = request.url.slice(prefix.length);
  }
  return handle(request, response);
}

function hinder(response, by) {
  if (by === "silence") return undefined;
  if (by === "drip") {
    // Each byte comes in time, and the whole never.
    response.writeHead(200, { "content-type": "application/json" });
    const drip = setInterval(() => response.write(" "), 50);
    response.on("close", () => clearInterval(drip));
    return undefined;
  }
  if (by === "flood") {
    response.writeHead(200, { "content-type": "application/json" });
    const pour = () => {
      while (!response.destroyed && response.write(" ".repeat(65536)));
      if (!response.destroyed) response.once("drain", pour);
    };
    return pour();
  }
  if (by === "bomb") {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    return response.end("packed");
  }
  if (by === "redirect") return response.writeHead(302, { location: `${origin}/elsewhere` }).end();
  return response.writeHead(503).end("down");
}

const commands = {
  clients: async (list) => {
    clients = list;
    build();
  },
  users: async (users) => {
    config.users = users;
  },
  forge: async (how) => {
    forgery = how;
  },
  hinder: async (how) => {
    hindrance = how;
  },
  rotate: async (kid) => {
    keys = await newKeys(kid);
    build();
  },
  sign: async ({ claims, ...how }) => ({ token: await sign(claims, how) }),
  reset: async () => {
    [forgery, hindrance, asked, config.users] = [null, null, {}, structuredClone(original)];
  },
  asked: async () => {
    const seen = asked;
    asked = {};
    return { asked: seen };
  },
};

build();
report({ ready: { origin, issuer } });
for await (const line of createInterface({ input: process.stdin })) {
  const { command, value, number } = JSON.parse(line);
  try {
    report({ done: number, ...((await commands[command](value)) ?? {}) });
  } catch (error) {
    report({ done: number, error: String(error) });
  }
}
server.closeAllConnections();
server.close();
process.exit(0);
