/** 模板下载 */
import { FileExcelOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { answer, api } from '../../api/client';
import { useT } from '../../i18n';
import { Load } from '../../kit/states';

export default function RosterTemplates() {
  const t = useT();
  // Links are good for five minutes.
  const query = useQuery({ queryKey: ['roster-templates'], queryFn: () => answer(api.GET('/roster-templates')), refetchInterval: 240_000, staleTime: 240_000 });
  return (
    <>
      <h1>{t('模板下载')}</h1>
      <div className="panel">
        <p>{t('请用模板填写人员清单；第2张工作表是填写说明。身份证号码、手机号码请保持文本格式。')}</p>
        <Load query={query}>
          {(templates) => (
            <ul className="work-list">
              {templates.map(({ kind, file_name, url }) => (
                <li key={kind}>
                  <div>
                    <FileExcelOutlined aria-hidden /> <strong>{file_name}</strong>
                    <p className="quiet">{kind === 'general' ? t('一份清单对应一个保障活动') : t('一份清单对应多个保障活动，每个活动一列份数')}</p>
                  </div>
                  <Button href={url}>{t('下载')}</Button>
                </li>
              ))}
            </ul>
          )}
        </Load>
      </div>
    </>
  );
}
