import { readFileSync } from "node:fs";
import openapi, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, it } from "vitest";

it("is made of the server's present description (renew it: npm run api)", async () => {
  const description = JSON.parse(readFileSync(`${__dirname}/../../../docs/reference/openapi.json`, "utf8"));
  const written = readFileSync(`${__dirname}/schema.ts`, "utf8");
  expect(COMMENT_HEADER + astToString(await openapi(description))).toBe(written);
});
