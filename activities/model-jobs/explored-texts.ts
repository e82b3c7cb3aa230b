/** An exploration as the report shows it: keywords, the nouns beside them, the frequent nouns. */

import type { ExploredKeyword, ExploredSlice, ReportInput } from '../../core/report/index.js';
import type { CompanySlice, Exploration } from '../../core/text/explore.js';
import type { KeywordCompany } from '../../core/text/company.js';

const nounsShown = 200;

function keywordRow({ keyword, texts, nouns }: KeywordCompany): ExploredKeyword {
  return {
    keyword,
    texts,
    nouns: nouns.map(({ noun, texts: count, pmi, logLikelihood }) => ({ name: noun, count, pmi, logLikelihood })),
  };
}

function slice({ name, texts, company }: CompanySlice): ExploredSlice {
  return { name, texts, keywords: company.map(keywordRow) };
}

/** The frequent keywords with their company, over all texts and by source and year, and the frequent nouns. */
export function exploredTexts(
  exploration: Exploration,
): Pick<ReportInput, 'explore' | 'exploreBySource' | 'exploreByYear' | 'nouns'> {
  const counts = new Map(exploration.keywords.map((row) => [row.keyword, row]));
  return {
    explore: exploration.company.map((row) => ({ ...counts.get(row.keyword), ...keywordRow(row) })),
    exploreBySource: exploration.companyBySource.map(slice),
    exploreByYear: exploration.companyByYear.map(slice),
    nouns: exploration.nouns.slice(0, nounsShown),
  };
}
