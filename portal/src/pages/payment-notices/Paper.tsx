/** The payment notice as it would be printed now; looking at it counts no print. */
import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import { keys } from '../../api/queries';
import type { EnrolmentView, NoticePreview } from '../../api/schema.gen';
import { yuan } from '../../format/money';
import { useT } from '../../i18n';
import { Load } from '../../kit/states';

export function Paper({ view }: { view: EnrolmentView }) {
  const query = useQuery({
    queryKey: [...keys.enrolment(view.id), 'notice-preview', view.version],
    queryFn: () => answer(api.GET('/enrolments/{enrolment}/notice/preview', { params: { path: { enrolment: view.id } } })),
  });
  return <Load query={query}>{(preview) => <Notice preview={preview} />}</Load>;
}

function Notice({ preview }: { preview: NoticePreview }) {
  const t = useT();
  return (
    <section className="receipt notice" aria-label={t('缴费通知单预览')}>
      <h3>{t('缴费通知单')}</h3>
      <dl className="receipt-head">
        <dt>{t('单位名称')}</dt>
        <dd>{preview.unit_name}</dd>
        <dt>{t('申请书号')}</dt>
        <dd className="figures">{preview.application_number}</dd>
        <dt>{t('经办人')}</dt>
        <dd>
          {preview.handler_name} <span className="figures">{preview.handler_mobile}</span>
        </dd>
      </dl>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('保障活动')}</th>
            <th scope="col">{t('参保人数')}</th>
            <th scope="col">{t('份数')}</th>
            <th scope="col">{t('会费标准（元）')}</th>
            <th scope="col">{t('会费（元）')}</th>
          </tr>
        </thead>
        <tbody>
          {preview.plans.map((plan) => (
            <tr key={plan.name}>
              <td>{plan.name}</td>
              <td className="money">{plan.members}</td>
              <td className="money">{plan.shares}</td>
              <td className="money">{yuan(plan.fee_fen)}</td>
              <td className="money">{yuan(plan.amount_fen)}</td>
            </tr>
          ))}
          {preview.reliefs.map(({ bearer, amount_fen }, i) => (
            <tr key={i}>
              <td colSpan={4}>{bearer}</td>
              <td className="money">-{yuan(amount_fen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="receipt-total">
        {t('应付（大写）')} <strong>{preview.amount_due_words}</strong>
        <br />
        {t('（小写）')} <strong className="money">￥{yuan(preview.amount_due_fen)}</strong>
      </p>
      <dl className="receipt-head">
        <dt>{t('收款账户')}</dt>
        <dd>
          {preview.account_name}
          <br />
          {preview.account_bank} <span className="figures">{preview.account_number}</span>
        </dd>
        <dt>{t('缴费和开票录入截止')}</dt>
        <dd className="figures">{preview.pay_by}</dd>
        <dt>{t('咨询电话')}</dt>
        <dd>
          {preview.office} <span className="figures">{preview.office_phone}</span>
        </dd>
      </dl>
    </section>
  );
}
