/** 单位合并: two units, what would move from the one to the other, and what stands in the way. */
import { Form } from 'antd';
import { useSearchParams } from 'react-router';
import { useT } from '../../i18n';
import { UnitSelect } from '../../kit/UnitSelect';
import { Empty } from '../../kit/states';
import { Merger } from './Merger';

type Side = 'unit' | 'survivor';

export default function UnitMerger() {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const [unit, survivor] = [params.get('unit') ?? undefined, params.get('survivor') ?? undefined];
  const choose = (side: Side, id: string | undefined) =>
    setParams((old) => {
      const changed = new URLSearchParams(old);
      if (id) changed.set(side, id);
      else changed.delete(side);
      return changed;
    });
  const select = (side: Side, value: string | undefined, other: string | undefined) => (
    <UnitSelect id={side} value={value} choosable={(row) => !row.merged_into && row.id !== other} onChange={(id) => choose(side, id)} />
  );
  return (
    <>
      <h1>{t('单位合并')}</h1>
      <section className="panel">
        <p>{t('被合并单位的参保单、保障、票据和账务归入存续单位，其账号停用；选中的联系人转到存续单位。合并不能撤销。')}</p>
        <Form layout="vertical" className="two">
          <Form.Item label={t('被合并单位')} htmlFor="unit">
            {select('unit', unit, survivor)}
          </Form.Item>
          <Form.Item label={t('存续单位')} htmlFor="survivor">
            {select('survivor', survivor, unit)}
          </Form.Item>
        </Form>
      </section>
      {unit && survivor ? (
        <Merger key={`${unit} ${survivor}`} unit={unit} survivor={survivor} />
      ) : (
        <section className="panel">
          <Empty title={t('请选择两个单位')} hint={t('选好后先显示合并的影响，确认后才合并。')} />
        </section>
      )}
    </>
  );
}
