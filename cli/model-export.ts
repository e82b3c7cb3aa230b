/** The files of an exported model, from those in the store. Knows neither the store nor the disk. */

import { exportGpt2Onnx } from '../core/backends/onnx/export-gpt2.js';
import { readSafetensors, writeSafetensors } from '../core/checkpoint/safetensors.js';
import {
  gpt2ConfigJson,
  gpt2Parameters,
  modelConfigJson,
  parseGpt2Config,
  type Gpt2Config,
  type Parameters,
} from '../core/nn/index.js';
import { loadTokenizer, type TextTokenizer } from '../core/text/tokenizer.js';

type Files = Readonly<Record<string, Uint8Array>>;

/** A GPT-2 as an export needs it. */
export interface ExportedModel {
  readonly config: Gpt2Config;
  readonly params: Parameters;
  readonly files: Files;
}

function bytesOf(files: Files, name: string): Uint8Array {
  const bytes = files[name];
  if (!bytes) throw new Error(`export: expected ${name} in the model's folder, got ${Object.keys(files).join(', ')}`);
  return bytes;
}

function json(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** @throws ModelConfigError @throws ParameterError @throws SafetensorsFormatError */
export function openExport(files: Files): ExportedModel {
  const config = parseGpt2Config(modelConfigJson(bytesOf(files, 'config.json')));
  const params = gpt2Parameters(config, readSafetensors(bytesOf(files, 'model.safetensors')).tensors);
  return { config, params, files };
}

export function parameterCount({ params }: ExportedModel): number {
  return Object.values(params).reduce((sum, { data }) => sum + data.length, 0);
}

/** What `generate` of Transformers and transformers.js starts from. */
function generationConfig({ config }: ExportedModel): Uint8Array {
  const { bosTokenId, eosTokenId, padTokenId } = config;
  return json({
    ...(bosTokenId === undefined ? {} : { bos_token_id: bosTokenId }),
    ...(eosTokenId === undefined ? {} : { eos_token_id: eosTokenId }),
    ...(padTokenId === undefined ? {} : { pad_token_id: padTokenId }),
    do_sample: true,
  });
}

function nameOf(tokenizer: TextTokenizer, id: number | undefined): string | undefined {
  return id === undefined ? undefined : tokenizer.idToToken(id);
}

/** Names the special tokens where the model came without such a file, so that every library reads `tokenizer.json` alike. */
function tokenizerConfig({ config, files }: ExportedModel): Uint8Array {
  const tokenizer = loadTokenizer(bytesOf(files, 'tokenizer.json'));
  const { bos, eos, pad, unk } = tokenizer.specials;
  const tokens = {
    bos_token: nameOf(tokenizer, config.bosTokenId ?? bos),
    eos_token: nameOf(tokenizer, config.eosTokenId ?? eos),
    pad_token: nameOf(tokenizer, config.padTokenId ?? pad),
    unk_token: nameOf(tokenizer, unk),
  };
  return json({
    tokenizer_class: 'PreTrainedTokenizerFast',
    ...tokens,
    clean_up_tokenization_spaces: false,
    model_max_length: config.numPositions,
  });
}

function commonFiles(model: ExportedModel, card: string): Record<string, Uint8Array> {
  const { files, config } = model;
  const kept = Object.entries(files).filter(([name]) => name === 'special_tokens_map.json');
  return {
    ...Object.fromEntries(kept),
    'README.md': Buffer.from(card),
    'config.json': json(gpt2ConfigJson(config)),
    'generation_config.json': files['generation_config.json'] ?? generationConfig(model),
    'tokenizer.json': bytesOf(files, 'tokenizer.json'),
    'tokenizer_config.json': files['tokenizer_config.json'] ?? tokenizerConfig(model),
  };
}

/** By form: the files of the export, by their path in its folder. */
export const exportForms = {
  /** As `from_pretrained` of Transformers reads it; weights in float32. */
  hf: (model, card) => ({
    ...commonFiles(model, card),
    'model.safetensors': writeSafetensors(model.params, { metadata: { format: 'pt' } }),
  }),
  /** As transformers.js reads it; the model alone runs in onnxruntime. */
  onnx: (model, card) => ({
    ...commonFiles(model, card),
    'onnx/model.onnx': exportGpt2Onnx(model.config, model.params),
  }),
} satisfies Record<string, (model: ExportedModel, card: string) => Record<string, Uint8Array>>;

export type ExportForm = keyof typeof exportForms;

export function isExportForm(text: string): text is ExportForm {
  return Object.hasOwn(exportForms, text);
}
