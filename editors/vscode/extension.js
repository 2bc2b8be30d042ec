// The editor's side of `comity lsp`: starts the program and hands it what is typed.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

// Facts files are YAML, JSON or TOML: they are the program's where they state facts.
const documents = [
  { scheme: "file", language: "comity" },
  { scheme: "file", pattern: "**/*.comity.md" },
  { scheme: "file", pattern: "**/*.facts.{yaml,yml,json,toml}" },
  { scheme: "file", pattern: "**/facts/*.{yaml,yml,json,toml}" },
];

function start() {
  const command = vscode.workspace.getConfiguration("comity").get("path") || "comity";
  const program = { command, args: ["lsp"] };
  const watched = vscode.workspace.createFileSystemWatcher("**/*.{comity,comity.md,csv,yaml,yml,json,toml}");
  client = new LanguageClient("comity", "Comity", program, {
    documentSelector: documents,
    synchronize: { fileEvents: watched },
  });
  return client.start().catch((error) => {
    vscode.window.showErrorMessage(
      `\`${command} lsp\` cannot be started: ${error.message}. The setting \`comity.path\` says where the program is.`,
    );
  });
}

async function restart() {
  await client?.stop().catch(() => {});
  await start();
}

exports.activate = async (context) => {
  context.subscriptions.push(vscode.commands.registerCommand("comity.restart", restart));
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration("comity.path") && restart()),
  );
  await start();
};

exports.deactivate = () => client?.stop();
