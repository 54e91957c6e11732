import { describe, expect, it } from 'vitest';
import { changesOf } from './unitTrail';

describe('what a change of a unit says', () => {
  it('is told field by field', () => {
    expect(changesOf('地址：人民路1号 → 人民路2号；经办人：张三 → 李四')).toEqual([
      { label: '地址', before: '人民路1号', after: '人民路2号' },
      { label: '经办人', before: '张三', after: '李四' },
    ]);
  });
  it('keeps a semicolon that belongs to a value', () => {
    expect(changesOf('地址：东楼；西楼 → 南楼；北楼；经办人：无 → 李四')).toEqual([
      { label: '地址', before: '东楼；西楼', after: '南楼；北楼' },
      { label: '经办人', before: '无', after: '李四' },
    ]);
  });
  it('is shown as it stands when it is something else', () => expect(changesOf('查看联系人完整号码')).toBeUndefined());
});
