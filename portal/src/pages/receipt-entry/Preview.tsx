/** 票据预览: the receipt as it will read. */
import type { PlanView, Preview as PreviewView } from '../../api/schema.gen';
import { yuan } from '../../format/money';
import { useT } from '../../i18n';
import { ProblemAlert } from '../../kit/problem';

export function Preview({ preview, error, plans }: { preview: PreviewView | undefined; error: Error | null; plans: PlanView[] }) {
  const t = useT();
  return (
    <section className="receipt" aria-label={t('票据预览')} aria-live="polite">
      <h3>{t('全国性社会团体会费统一票据（电子）')}</h3>
      <p className="quiet">{t('票据预览')}</p>
      <ProblemAlert error={error} />
      {preview ? (
        <>
          <dl className="receipt-head">
            <dt>{t('交款人')}</dt>
            <dd>{preview.payer_title}</dd>
            <dt>{t('税号')}</dt>
            <dd className="figures">{preview.tax_number || '–'}</dd>
          </dl>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('项目名称')}</th>
                <th scope="col">{t('数量')}</th>
                <th scope="col">{t('标准')}</th>
                <th scope="col">{t('金额（元）')}</th>
                <th scope="col">{t('备注')}</th>
              </tr>
            </thead>
            <tbody>
              {preview.lines.map((line, i) => (
                <tr key={i}>
                  <td>{line.name}</td>
                  <td className="money">{line.persons}</td>
                  <td className="money">{yuan(line.price_fen)}</td>
                  <td className="money">{yuan(line.amount_fen)}</td>
                  <td>{line.note}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="receipt-total">
            {t('金额合计（大写）')} <strong>{preview.total_in_words}</strong>
            <br />
            {t('（小写）')} <strong className="money">￥{yuan(preview.total_fen)}</strong>
          </p>
          {preview.other_information && (
            <p>
              {t('其他信息')}：{preview.other_information}
            </p>
          )}
          <ul className="plain quiet">
            {preview.remaining_after.map(({ plan_code, remaining_fen }) => (
              <li key={plan_code}>
                {plans.find(({ code }) => code === plan_code)?.variant ?? plan_code}：{t('此后剩余{amount}元', { amount: yuan(remaining_fen) })}
              </li>
            ))}
          </ul>
        </>
      ) : (
        !error && <p className="quiet">{t('填写抬头、邮箱和开票项目后显示。')}</p>
      )}
    </section>
  );
}
