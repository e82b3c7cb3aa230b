import { describe, expect, it } from 'vitest';

import { deletionReason } from '../../../core/text/deletion.js';

describe('deletionReason', () => {
  it.each([
    ['작성자에 의해 삭제된 댓글입니다.', 'deleted'],
    ['운영규정 미준수로 인해 삭제된 댓글입니다.', 'deleted'],
    ['삭제된 게시글입니다', 'deleted'],
    ['비공개 댓글입니다.', 'deleted'],
    ['[deleted]', 'deleted'],
    ['클린봇이 부적절한 표현을 감지한 댓글입니다.', 'hidden-by-cleanbot'],
    ['작성자가 집을 팔았대요', undefined],
    ['삭제된 댓글이 왜 이렇게 많아요', undefined],
    ['', undefined],
  ])('deletionReason(%j) is %j', (text, expected) => {
    expect(deletionReason(text)).toBe(expected);
  });
});
