// What `make lint-page` checks in the playground's own code. Texts come from corpora, so whatever
// turns a text into markup is forbidden.
const markup = ["innerHTML", "outerHTML", "insertAdjacentHTML", "write", "srcdoc"];
const browser = ["Blob", "URL", "Worker", "document", "self", "window", "CSS", "ResizeObserver", "setTimeout",
  "clearTimeout", "atob", "TextDecoder", "TextEncoder"];

export default [
  {
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "module",
      globals: Object.fromEntries(browser.map((name) => [name, "readonly"])),
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "consistent-return": "error",
      eqeqeq: "error",
      "max-lines": ["error", 300],
      "no-console": "error",
      "no-control-regex": "error",
      "no-dupe-keys": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-restricted-properties": ["error", ...markup.map((property) => ({ property }))],
      "no-shadow": "error",
      "no-undef": "error",
      "no-unused-vars": "error",
      "no-useless-assignment": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
];
