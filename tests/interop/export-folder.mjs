/** Writes both exports of a GPT-2 folder: node tests/interop/export-folder.mjs MODEL_FOLDER OUT → OUT/hf, OUT/onnx. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { exportForms, openExport } from '../../dist/cli/model-export.js';
import { readModelFolder } from '../../dist/cli/model-folder.js';

const [, , folder, out] = argv;
const model = openExport(readModelFolder(folder));
for (const [form, filesOf] of Object.entries(exportForms)) {
  for (const [name, bytes] of Object.entries(filesOf(model, `# ${folder}\n`))) {
    mkdirSync(dirname(join(out, form, name)), { recursive: true });
    writeFileSync(join(out, form, name), bytes);
  }
}
