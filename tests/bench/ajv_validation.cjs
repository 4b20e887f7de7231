// Nanoseconds that ajv takes to validate a document, the least of several rounds.
// Usage: node ajv_validation.cjs AJV_FOLDER SCHEMA DOCUMENT ROUNDS
const fs = require("fs");
const [ajvFolder, schemaPath, documentPath, rounds] = process.argv.slice(2);
const Ajv = require(`${ajvFolder}/dist/2020`).default;
const validate = new Ajv({ strict: false }).compile(JSON.parse(fs.readFileSync(schemaPath, "utf8")));
const document = JSON.parse(fs.readFileSync(documentPath, "utf8"));
let least = Infinity;
for (let i = 0; i < Number(rounds); ++i) {
  const started = process.hrtime.bigint();
  if (!validate(document)) throw new Error(JSON.stringify(validate.errors));
  least = Math.min(least, Number(process.hrtime.bigint() - started));
}
console.log(least);
