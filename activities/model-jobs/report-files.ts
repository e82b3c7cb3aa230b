/** The files that a run leaves for people, put into the store. Knows nothing of how their figures came about. */

import { canonicalJson, type BlobRef, type Store } from '../../core/checkpoint/index.js';
import {
  dataCard,
  renderReport,
  runCard,
  sentencesCsv,
  summaryTable,
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
}

export async function putReport(
  store: Store,
  input: ReportInput,
  sentences: readonly ModelSentences[],
): Promise<ReportFiles> {
  const put = (text: string): Promise<BlobRef> => store.putBlob(Buffer.from(text));
  return {
    results: await put(`${JSON.stringify(JSON.parse(canonicalJson(input.results)), undefined, 2)}\n`),
    report: await put(renderReport(input)),
    summary: await put(`${summaryTable(input.results)}\n`),
    sentences: await put(sentencesCsv(sentences)),
    modelCard: await put(runCard(input)),
    dataCard: await put(dataCard(input)),
    config: await put(input.reproduction.configuration),
  };
}
