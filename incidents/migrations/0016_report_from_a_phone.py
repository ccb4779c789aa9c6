"""A report comes from a phone: its photos after it, who wrote it, and what is added to a case later."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import incidents.measures
import incidents.models.phone_key
import incidents.workflow
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grids', '0004_duty_dates_do_not_overlap'),
        ('incidents', '0015_results_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PhoneKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worker', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('secret', models.BinaryField(default=incidents.models.phone_key.new_secret, max_length=32)),
            ],
            options={
                'verbose_name': '手机密钥',
                'verbose_name_plural': '手机密钥',
            },
        ),
        migrations.CreateModel(
            name='ReceivedPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': '收到的照片',
                'verbose_name_plural': '收到的照片',
                'ordering': ['received_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Supplement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.UUIDField()),
                ('text', models.TextField(max_length=4000, verbose_name='补充情况')),
                ('photos_expected', models.PositiveSmallIntegerField(default=0)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': '补充情况',
                'verbose_name_plural': '补充情况',
                'ordering': ['added_at', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='disputeevent',
            name='dispute_event_action_known',
        ),
        migrations.AddField(
            model_name='dispute',
            name='found_by',
            field=models.CharField(blank=True, choices=[('device', '手机定位'), ('hand', '地图点选'), ('address', '按地址')], db_default='', max_length=7, verbose_name='定位方式'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='photos_expected',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name='disputeevent',
            name='action',
            field=models.CharField(choices=[('report', '上报'), (incidents.workflow.Action['VERIFY'], '核实'), (incidents.workflow.Action['ACCEPT'], '受理'), (incidents.workflow.Action['ASSIGN'], '分派'), (incidents.workflow.Action['BEGIN_MEDIATION'], '开始调解'), (incidents.workflow.Action['RECORD_AGREEMENT'], '登记协议'), (incidents.workflow.Action['FAIL'], '登记调解不成'), (incidents.workflow.Action['APPLY_CONFIRMATION'], '申请司法确认'), (incidents.workflow.Action['CONFIRM'], '登记法院确认'), (incidents.workflow.Action['REFUSE_CONFIRMATION'], '登记法院不予确认'), (incidents.workflow.Action['FOLLOW_UP'], '开始回访'), (incidents.workflow.Action['RECORD_BREACH'], '登记违约'), (incidents.workflow.Action['CLOSE'], '结案'), (incidents.workflow.Action['REOPEN'], '重新办理'), (incidents.workflow.Action['ESCALATE'], '上报上一级'), (incidents.workflow.Action['HAND_BACK'], '退回下一级'), (incidents.workflow.Action['SUSPEND'], '挂起'), (incidents.workflow.Action['RESUME'], '恢复办理'), (incidents.workflow.Action['TRANSFER'], '移交其他部门'), (incidents.workflow.Action['VOID'], '作废'), (incidents.measures.Measure['ASK_EXTENSION'], '申请延期'), (incidents.measures.Measure['GRANT_EXTENSION'], '同意延期'), (incidents.measures.Measure['REFUSE_EXTENSION'], '不同意延期'), (incidents.measures.Measure['AGREE_TO_RUN_ON'], '双方同意继续调解'), (incidents.measures.Measure['SUPERVISE'], '督办'), (incidents.measures.Measure['END_SUPERVISION'], '结束督办'), (incidents.measures.Measure['URGE'], '催办'), (incidents.measures.Measure['OVERRIDE_RISK'], '调整风险等级'), (incidents.measures.Measure['ASSESS_RISK'], '重新评估风险'), (incidents.measures.Measure['CHOOSE_BODY'], '确定主办组织'), (incidents.measures.Measure['CALL_IN_BODY'], '邀请参与调解'), (incidents.measures.Measure['RELEASE_BODY'], '结束参与'), (incidents.measures.Measure['REFER_OUT'], '转出对接'), (incidents.measures.Measure['RECEIVE_REFERRAL'], '登记转入'), (incidents.measures.Measure['ANSWER_REFERRAL'], '答复转办'), (incidents.measures.Measure['ASK_GUIDANCE'], '请示指导'), (incidents.measures.Measure['GIVE_GUIDANCE'], '给予指导'), (incidents.measures.Measure['RECORD_MEDIATION'], '登记调解笔录'), (incidents.measures.Measure['RECORD_VISIT'], '登记回访'), (incidents.measures.Measure['RECORD_PAYMENT'], '登记履行'), (incidents.measures.Measure['ISSUE_DOCUMENT'], '制作文书'), (incidents.measures.Measure['ADD_SUPPLEMENT'], '补充情况'), (incidents.measures.Measure['ADD_FILE'], '添加材料'), (incidents.measures.Measure['REMOVE_FILE'], '移除材料'), (incidents.measures.Measure['GIVE_PARTY_CODE'], '发给查询码'), (incidents.measures.Measure['HAND_OVER'], '工作交接'), (incidents.measures.Measure['RECALCULATE'], '重新计算期限')], max_length=24),
        ),
        migrations.AlterField(
            model_name='disputeevent',
            name='reason',
            field=models.CharField(blank=True, max_length=4000, verbose_name='理由'),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=django.contrib.postgres.indexes.GistIndex(condition=models.Q(('ended_at__isnull', True)), fields=['location_metric'], name='dispute_open_place'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('found_by__in', ['', 'device', 'hand', 'address'])), name='dispute_found_by_known'),
        ),
        migrations.AddConstraint(
            model_name='disputeevent',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['report', 'verify', 'accept', 'assign', 'begin_mediation', 'record_agreement', 'fail', 'apply_confirmation', 'confirm', 'refuse_confirmation', 'follow_up', 'record_breach', 'close', 'reopen', 'escalate', 'hand_back', 'suspend', 'resume', 'transfer', 'void', 'ask_extension', 'grant_extension', 'refuse_extension', 'agree_to_run_on', 'supervise', 'end_supervision', 'urge', 'override_risk', 'assess_risk', 'choose_body', 'call_in_body', 'release_body', 'refer_out', 'receive_referral', 'answer_referral', 'ask_guidance', 'give_guidance', 'record_mediation', 'record_visit', 'record_payment', 'issue_document', 'add_supplement', 'add_file', 'remove_file', 'give_party_code', 'hand_over', 'recalculate'])), name='dispute_event_action_known'),
        ),
        migrations.AddField(
            model_name='phonekey',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='phone_key', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='receivedphoto',
            name='attachment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.attachment'),
        ),
        migrations.AddField(
            model_name='receivedphoto',
            name='dispute',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='received_photos', to='incidents.dispute'),
        ),
        migrations.AddField(
            model_name='receivedphoto',
            name='sent_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='supplement',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='supplement',
            name='dispute',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplements', to='incidents.dispute'),
        ),
        migrations.AddField(
            model_name='receivedphoto',
            name='supplement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='received_photos', to='incidents.supplement'),
        ),
        migrations.AddConstraint(
            model_name='supplement',
            constraint=models.UniqueConstraint(fields=('added_by', 'key'), name='supplement_added_once'),
        ),
        migrations.AddConstraint(
            model_name='receivedphoto',
            constraint=models.UniqueConstraint(fields=('sent_by', 'key'), name='received_photo_once'),
        ),
    ]
