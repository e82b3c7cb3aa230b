/** Recognises texts that only say that a text is gone. Knows the hosts' wordings, no flags. */

export type DeletionReason = 'deleted' | 'hidden-by-cleanbot';

/** Wordings without blanks and signs; the whole text must be one of them. */
const wordings: readonly (readonly [RegExp, DeletionReason])[] = [
  [/^클린봇이부적절한표현을감지한(?:댓글|답글|게시글|게시물)입니다/, 'hidden-by-cleanbot'],
  [
    /^(?:작성자에의해|작성자가|운영규정미준수로인해|운영자에의해|관리자에의해|관리자가|이용자의요청으로|게시중단요청으로|신고에의해|카페매니저에의해)?(?:삭제|차단|제한|블라인드|숨김처리)(?:된|한|되었|됐)(?:댓글|답글|게시글|게시물|글)?(?:입니다|습니다)?$/,
    'deleted',
  ],
  [/^비(?:공개|밀)(?:댓글|답글|글)입니다$/, 'deleted'],
  [/^(?:comment)?(?:deleted|removed)(?:by(?:user|moderator|theauthor))?$/i, 'deleted'],
];

/** Why a text is not there any more, told from the words that stand in its place; undefined for a real text. */
export function deletionReason(text: string): DeletionReason | undefined {
  const squeezed = text.normalize('NFC').replaceAll(/[^\p{L}\p{N}]/gu, '');
  return wordings.find(([pattern]) => pattern.test(squeezed))?.[1];
}
