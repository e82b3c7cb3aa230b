import { describe, expect, it } from 'vitest';
import { placeLabels, type Box, type NamedDot } from '../../../../core/report/plots/place-labels.js';

const frame = { left: 0, right: 400, top: 0, bottom: 200 };
const at = (x: number, y: number, name = '1'): NamedDot => ({ name, x, y });

/** On which side of its dot each name stands. */
const sides = (dots: readonly NamedDot[]) =>
  placeLabels(dots, frame).map((label, i) => {
    if (!label || label.leader) return label && 'apart';
    if (label.anchor !== 'middle') return label.anchor === 'start' ? 'right' : 'left';
    return label.y < dots[i]!.y ? 'above' : 'below';
  });

const meet = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

describe('placeLabels', () => {
  it('names a dot to its right, or where that leaves the frame or covers a dot, to its left', () => {
    expect(sides([at(200, 100)])).toEqual(['right']);
    expect(sides([at(395, 100)])).toEqual(['left']);
    // 14 pixels apart: what stands between them would cover one of them.
    expect(sides([at(200, 100), at(214, 100, '2')])).toEqual(['left', 'right']);
  });

  it('names a dot between two others above or below', () => {
    expect(sides([at(186, 100), at(200, 100), at(214, 100)])).toEqual(['left', 'above', 'right']);
    expect(sides([at(186, 10), at(200, 10), at(214, 10)])).toEqual(['left', 'below', 'right']);
  });

  it('draws a line to a name that could as well be that of another dot', () => {
    // The name is wider than both dots are apart: above them it would be that of either.
    const long = 'a name longer than the room on either side';
    const [label] = placeLabels([at(195, 100, long), at(205, 100)], frame);
    expect(label!.leader).toBeDefined();
    expect(label!.leader!.y).toBe(label!.y < 100 ? label!.box.bottom : label!.box.top);
  });

  it('lets no name cover another or a dot, whatever the crowd', () => {
    const crowd = Array.from({ length: 20 }, (_, i) => at(200 + 3 * (i % 5), 100 + 2 * (i % 3), String(i + 1)));
    const labels = placeLabels(crowd, frame);
    const boxes = labels.map((label) => label!.box);
    for (const [i, box] of boxes.entries()) {
      expect(boxes.slice(i + 1).filter((other) => meet(box, other))).toEqual([]);
      expect(crowd.filter(({ x, y }) => meet(box, { left: x - 5, right: x + 5, top: y - 8, bottom: y + 8 }))).toEqual(
        [],
      );
      expect(box.left >= 0 && box.right <= 400 && box.top >= 0 && box.bottom <= 200).toBe(true);
    }
  });

  it('leaves a name out that finds no room', () => {
    expect(placeLabels([at(200, 100, 'x'.repeat(80))], frame)).toEqual([undefined]);
  });
});
