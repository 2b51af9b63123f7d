// The words of the filter, as in the program: words of one key are alternatives, different keys must all hold.
function tokens(line) {
  const out = [];
  let token = "", quoted = false;
  for (const letter of line) {
    if (letter === '"') quoted = !quoted;
    else if (/\s/.test(letter) && !quoted) {
      if (token) out.push(token);
      token = "";
    } else token += letter;
  }
  if (token) out.push(token);
  return out;
}

function words(line, more) {
  const keyed = [], text = [];
  for (const word of tokens(line || "")) {
    const colon = word.indexOf(":");
    const key = colon < 0 ? null : D.keys.map(([known]) => known).concat(more || []).find((known) => known === fold(word.slice(0, colon)));
    if (!key) text.push(fold(word));
    else if (fold(word.slice(colon + 1))) keyed.push([key, fold(word.slice(colon + 1))]);
  }
  return { keyed, text, empty: !keyed.length && !text.length };
}

const severityOf = (value) => D.severities.findIndex(([, word]) => word === value);

function isSuch(finding, key, value) {
  const severity = severityOf(value);
  if (key === "severity") return severity >= 0 && finding.severity <= severity;
  if (key === "rule") return finding.rule.includes(value);
  if (key === "category") return finding.category === value;
  return severity >= 0 ? finding.severity <= severity : finding.rule.includes(value);
}

const folded = (entity) => (entity.folded === undefined ? (entity.folded = fold(entity.label)) : entity.folded);
const named = (places, value) => (places || []).some((place) => folded(D.entities[place]).includes(value));

function entityPasses(entity, key, value) {
  if (key === "kind") return entity.kind === value;
  if (key === "env") return true;
  if (key === "finding" || key === "severity" || key === "rule" || key === "category")
    return (entity.findings || []).some((place) => isOpen(D.findings[place]) && isSuch(D.findings[place], key, value));
  if (entity.kind !== "persona" || !entity.card) return entity.kind === key && folded(entity).includes(value);
  switch (key) {
    case "team": return entity.team !== undefined && named([entity.team], value);
    case "type": return entity.type.startsWith(value);
    case "persona": return folded(entity).includes(value);
    case "component": return named(entity.components, value);
    case "process": return named(entity.processes, value);
    case "skill": return named(entity.skills, value);
    default: return true;
  }
}

function findingPasses(finding, key, value) {
  const is = (place) => place !== undefined && D.entities[place].kind === key && folded(D.entities[place]).includes(value);
  switch (key) {
    case "finding": case "severity": case "rule": case "category": return isSuch(finding, key, value);
    case "env": return finding.environment === undefined || fold(D.environments[finding.environment]) === value;
    case "kind": return D.entities[finding.subject].kind === value;
    case "component": case "skill": case "process": case "persona": return is(finding.subject) || is(finding.object);
    default: return entityPasses(D.entities[finding.subject], key, value);
  }
}

const allKeys = (filter, passes) => filter.keyed.every(([key]) => filter.keyed.some(([other, value]) => other === key && passes(key, value)));

// All that a card says, to look for text in.
function haystack(entity) {
  if (entity.haystack === undefined) {
    const values = (entity.fields || []).flatMap(([, all]) => all.map(([text, detail]) => `${text} ${detail}`));
    entity.haystack = fold([entity.label, entity.subtitle, entity.description, entity.section, ...(entity.aliases || []), ...values].filter(Boolean).join(" "));
  }
  return entity.haystack;
}

const passes = (entity, filter) =>
  filter.empty || (allKeys(filter, (key, value) => entityPasses(entity, key, value)) && filter.text.every((word) => haystack(entity).includes(word)));

let exactNames = null;
function exactly(word) {
  if (!exactNames) {
    exactNames = new Map();
    D.entities.forEach((entity, place) => {
      if (!entity.card) return;
      for (const name of [entity.id, entity.name, ...(entity.aliases || [])]) {
        const key = fold(name);
        if (!exactNames.has(key)) exactNames.set(key, new Set());
        exactNames.get(key).add(place);
      }
    });
  }
  return exactNames.get(word);
}

function findingWithText(finding, filter) {
  if (filter.empty) return true;
  if (!allKeys(filter, (key, value) => findingPasses(finding, key, value))) return false;
  return filter.text.every((word) => {
    const exact = exactly(word);
    if (exact) return exact.has(finding.subject) || exact.has(finding.object);
    const object = finding.object === undefined ? "" : D.entities[finding.object].label;
    return fold(`${finding.message} ${finding.rule} ${D.entities[finding.subject].label} ${object}`).includes(word);
  });
}
