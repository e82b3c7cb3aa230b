/** The files that a run leaves for people, put into the store. Knows nothing of how their figures came about. */

import { canonicalJson, putFolder, type BlobRef, type FolderRef, type Store } from '../../core/checkpoint/index.js';
import {
  dataCard,
  figureFiles,
  ppoLogFiles,
  raterInstructions,
  renderReport,
  runCard,
  sentencesCsv,
  summaryTable,
  type BlindedPairs,
  type ModelSentences,
  type ReportInput,
} from '../../core/report/index.js';

export interface ReportFiles {
  /** `results.json`. */
  readonly results: BlobRef;
  /** `report.html`, one self-contained file. */
  readonly report: BlobRef;
  /** The comparison table as plain text. */
  readonly summary: BlobRef;
  /** `sentences.csv`: every sentence with its scores. */
  readonly sentences: BlobRef;
  /** `MODEL_CARD.md`. */
  readonly modelCard: BlobRef;
  /** `DATA_CARD.md`. */
  readonly dataCard: BlobRef;
  /** `config.yaml`: the resolved configuration. */
  readonly config: BlobRef;
  /** Further files by their path: `figures/`, `ppo/`, and what human raters need. */
  readonly further: FolderRef;
}

export async function putReport(
  store: Store,
  input: ReportInput,
  sentences: readonly ModelSentences[],
  blinded?: BlindedPairs,
): Promise<ReportFiles> {
  const put = (text: string): Promise<BlobRef> => store.putBlob(Buffer.from(text));
  const page = renderReport(input);
  return {
    results: await put(`${JSON.stringify(JSON.parse(canonicalJson(input.results)), undefined, 2)}\n`),
    report: await put(page),
    summary: await put(`${summaryTable(input.results)}\n`),
    sentences: await put(sentencesCsv(sentences)),
    modelCard: await put(runCard(input)),
    dataCard: await put(dataCard(input)),
    config: await put(input.reproduction.configuration),
    further: await putFolder(store, furtherFiles(page, input, blinded)),
  };
}

function furtherFiles(
  page: string,
  { curves }: ReportInput,
  blinded: BlindedPairs | undefined,
): Record<string, Uint8Array> {
  const texts = {
    ...Object.fromEntries(Object.entries(figureFiles(page)).map(([name, svg]) => [`figures/${name}`, svg])),
    ...ppoLogFiles(curves.ppo),
    ...(blinded
      ? {
          'raters/sheet.csv': blinded.sheet,
          'raters/README.md': raterInstructions(blinded.items),
          'raters-key.csv': blinded.key,
        }
      : {}),
  };
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]));
}
