import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import * as ts from "typescript";

/** House rules that hold for every file directly under components/, new ones too. */
const FILES = readdirSync(__dirname).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));

/** Lines that a component may have; the good examples of the trade have 80 to 220. */
const LONGEST_FILE = 250;

const component = (file: string) => {
  const text = readFileSync(join(__dirname, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  return { text, source, exported: source.statements.filter(isExported) };
};

test("there are components", () => {
  expect(FILES.length).toBeGreaterThan(0);
});

describe.each(FILES)("%s", (file) => {
  const { text, source, exported } = component(file);
  const className = pascalCase(file.replace(/\.ts$/, ""));
  const classes = exported.filter(ts.isClassDeclaration);

  test("exports one component named like the file, its arguments, and no other value", () => {
    expect(classes.map((declaration) => declaration.name?.text)).toEqual([className]);
    expect(classes.flatMap(baseOf)).toEqual(["pulumi.ComponentResource"]);
    expect(exported.filter(ts.isInterfaceDeclaration).map((declaration) => declaration.name.text)).toEqual([
      `${className}Args`,
    ]);
    expect(exported.filter((statement) => !isClassOrType(statement)).map((statement) => statement.getText())).toEqual(
      [],
    );
  });

  test(`has at most ${LONGEST_FILE} lines`, () => {
    expect(text.split("\n").length).toBeLessThanOrEqual(LONGEST_FILE);
  });

  test("has a type token of the form erpnext:<area>:<Class>", () => {
    expect(superTokens(source)).toEqual([expect.stringMatching(new RegExp(`^erpnext:[a-z]+:${className}$`))]);
  });

  test("registers exactly its public readonly fields", () => {
    const fields = classes.flatMap((declaration) => declaration.members.filter(isPublicReadonly)).map(nameOf);
    expect(registeredKeys(source)).toEqual([fields]);
  });

  test("loads single resources, never a whole provider", () => {
    const modules = source.statements.filter(ts.isImportDeclaration).filter(isLoadedAtRunTime).map(moduleOf);
    expect(modules.filter((name) => /^@pulumi\/(?!pulumi$)[^/]+$/.test(name))).toEqual([]);
  });
});

test("no two components have the same type token", () => {
  const tokens = FILES.flatMap((file) => superTokens(component(file).source));
  expect(tokens).toHaveLength(new Set(tokens).size);
});

function pascalCase(kebab: string): string {
  return kebab.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function isExported(statement: ts.Statement): boolean {
  if (ts.isExportDeclaration(statement) || ts.isExportAssignment(statement)) return true;
  return hasModifier(statement, ts.SyntaxKind.ExportKeyword);
}

function isClassOrType(statement: ts.Statement): boolean {
  return (
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    (ts.isExportDeclaration(statement) && statement.isTypeOnly)
  );
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false);
}

function baseOf(declaration: ts.ClassDeclaration): string[] {
  return (declaration.heritageClauses ?? []).flatMap((clause) => clause.types.map((type) => type.getText()));
}

function isPublicReadonly(member: ts.ClassElement): boolean {
  return (
    ts.isPropertyDeclaration(member) &&
    hasModifier(member, ts.SyntaxKind.ReadonlyKeyword) &&
    !hasModifier(member, ts.SyntaxKind.PrivateKeyword) &&
    !hasModifier(member, ts.SyntaxKind.ProtectedKeyword) &&
    !hasModifier(member, ts.SyntaxKind.StaticKeyword) &&
    !ts.isPrivateIdentifier(member.name)
  );
}

function nameOf(member: ts.ClassElement): string {
  return member.name?.getText() ?? "";
}

/** First arguments of all calls of super, as they stand between the quotes. */
function superTokens(source: ts.SourceFile): string[] {
  return callsIn(source)
    .filter((call) => call.expression.kind === ts.SyntaxKind.SuperKeyword)
    .flatMap((call) => call.arguments.slice(0, 1))
    .map((token) => (ts.isStringLiteral(token) ? token.text : `not a literal: ${token.getText()}`));
}

/** Keys of every object that is handed to registerOutputs. */
function registeredKeys(source: ts.SourceFile): string[][] {
  return callsIn(source)
    .filter((call) => call.expression.getText() === "this.registerOutputs")
    .map(({ arguments: [outputs] }) =>
      outputs !== undefined && ts.isObjectLiteralExpression(outputs)
        ? outputs.properties.map((property) => property.name?.getText() ?? property.getText())
        : [],
    );
}

function callsIn(node: ts.Node): ts.CallExpression[] {
  const inside: ts.CallExpression[] = [];
  node.forEachChild((child) => {
    inside.push(...callsIn(child));
  });
  return ts.isCallExpression(node) ? [node, ...inside] : inside;
}

function isLoadedAtRunTime(declaration: ts.ImportDeclaration): boolean {
  return declaration.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword;
}

function moduleOf(declaration: ts.ImportDeclaration): string {
  return ts.isStringLiteral(declaration.moduleSpecifier) ? declaration.moduleSpecifier.text : "";
}
