from __future__ import annotations

import time
import tomllib
from datetime import date
from typing import cast

import pytest

from bot.understanding.facts import PHRASES, FactReading, read_facts
from knowledge.facts import Facts
from knowledge.normalize import normalized

FACTS = Facts.shipped()
AS_OF = date(2024, 6, 15)

# message → what it states. fact=value, then @whose where it is not the fact's own, ? if hypothetical.
SAID = {
    "学历": """
我是硕士 → degree=master
我硕士毕业 → degree=master; student_status=graduated
硕士学位 → degree=master
我是研究生学历,今年35岁 → degree=master; age=35
研究生毕业三年了 → degree=master; student_status=graduated
博士研究生在读 → degree=doctor; student_status=enrolled
我不是硕士,我是本科 → degree=bachelor
不对,我是本科 → degree=bachelor
我是硕士,不对,是博士 → degree=doctor
硕士毕业来杭州工作能领多少 → degree=master; student_status=graduated; works_in_hangzhou=True
我是二本 → degree=bachelor
我是一本毕业的 → degree=bachelor
专升本毕业 → degree=bachelor; student_status=graduated
高职毕业 → degree=college
中专文化 → degree=below_college
初中毕业,今年五十八了 → degree=below_college; age=58
没上过大学 → degree=below_college
学士学位 → degree=bachelor
大学毕业 → degree=bachelor; student_status=graduated
PhD毕业回国 → degree=doctor
我本硕都在英国读的 → degree=master; graduate_kind=returnee
我和我老公都是硕士 → degree=master
我和老公租房住,我是本科 → degree=bachelor
如果可以的话,我是硕士,想问问能领多少 → degree=master
我是大专,现在专升本毕业了,本科 → degree=bachelor; student_status=graduated
86年的,高中 → degree=below_college
我係研究生畢業,在杭州上班,社保交咗8個月 → degree=master; student_status=graduated; works_in_hangzhou=True
我本科是二本的,没考上研究生 → degree=bachelor
学历只有大专 → degree=college
最高学历本科 → degree=bachelor
第一学历专科,后来读了本科 → degree=bachelor
我妈说我是硕士能领3万 → degree=master
我和同事都是本科 → degree=bachelor
从国外回来,博士 → degree=doctor
硕士 35岁 在杭州上班 社保8个月 → degree=master; age=35; works_in_hangzhou=True; insured_months=8
学历:硕士 年龄:35 → degree=master; age=35
本人博士,现于杭州某高校工作 → degree=doctor; works_in_hangzhou=True
""",
    "毕业": """
应届生 → graduate_kind=fresh
我是应届毕业生 → graduate_kind=fresh
刚毕业 → graduate_kind=fresh; student_status=graduated
今年6月刚毕业 → graduate_kind=fresh; student_status=graduated
今年毕业 → graduate_kind=fresh
留学回来的 → graduate_kind=returnee
海归硕士 → graduate_kind=returnee; degree=master
我是留学生 → graduate_kind=returnee
国外读的本科 → graduate_kind=returnee; degree=bachelor
我在英国读的硕士 → graduate_kind=returnee; degree=master
我是外国人 → graduate_kind=foreign
去年毕业算应届吗 → student_status=graduated
我在校 → student_status=enrolled
大三学生 → student_status=enrolled
我大三 → student_status=enrolled
还没毕业 → student_status=enrolled
没毕业 → student_status=enrolled
我还在读 → student_status=enrolled
研二 → student_status=enrolled
还在读研 → student_status=enrolled
快毕业了 → student_status=enrolled
明年毕业 → student_status=enrolled
毕业了 → student_status=graduated
已经毕业两年 → student_status=graduated
毕业三年了 → student_status=graduated
2021年毕业 → student_status=graduated
2021年6月毕业 → student_status=graduated
2021年6月30日毕业 → graduation_date=2021-06-30; student_status=graduated
二〇二一年六月三十日毕业 → graduation_date=2021-06-30; student_status=graduated
19年7月1号毕业的 → graduation_date=2019-07-01; student_status=graduated
去年6月30号拿的毕业证 → graduation_date=2023-06-30
毕业证上是2020-06-30 → graduation_date=2020-06-30
2026年毕业 → student_status=enrolled
2021届 → student_status=graduated
22届毕业生 → student_status=graduated
我还是学生 → student_status=enrolled
我16年毕业的 → student_status=graduated
我在浙大读研二 → student_status=enrolled
杭州师范大学在读 → student_status=enrolled
大一新生 → student_status=enrolled
大四了 → student_status=enrolled
研二在读 → student_status=enrolled
博三 → student_status=enrolled
我毕业于2019年 → student_status=graduated
我是25届毕业生 → student_status=enrolled
毕业证是2020年7月1日 → graduation_date=2020-07-01
明年6月30日毕业 → graduation_date=2025-06-30; student_status=enrolled
2022.06.30毕业 → graduation_date=2022-06-30
我从德国留学回来两年了 → graduate_kind=returnee
我是大四学生,想创业 → student_status=enrolled
我是应届硕士 → graduate_kind=fresh; degree=master
刚毕业半年 → graduate_kind=fresh; student_status=graduated
毕业快两年了 → student_status=graduated
我毕业已经四年了 → student_status=graduated
还没毕业就创业了 → student_status=enrolled
我2019年6月30日毕业的,硕士 → graduation_date=2019-06-30; student_status=graduated; degree=master
去年6月30日毕业 → graduation_date=2023-06-30; student_status=graduated
不是去年毕业,是前年毕业 → student_status=graduated
""",
    "年龄": """
35岁 → age=35
我35了 → age=35
今年三十五 → age=35
三十五岁半 → age=35
35周岁 → age=35
1990年5月3日出生 → birth_date=1990-05-03
生日是1990年5月3号 → birth_date=1990-05-03
我今年五十六岁,下岗了 → age=56
45岁还能落户吗 → age=45
您好,我今年58岁,初中文化,失业三年了,社保断了 → age=58; degree=below_college
二十五岁 → age=25
年龄35 → age=35
满60岁 → age=60
俺今年五十三,小学文化,想摆个摊 → age=53; degree=below_college
阿姨今年49岁,高中毕业,下岗在家 → age=49; degree=below_college
""",
    "杭州和区县": """
我在杭州上班 → works_in_hangzhou=True
在杭州工作 → works_in_hangzhou=True
来杭州工作了 → works_in_hangzhou=True
人在杭州工作 → works_in_hangzhou=True
来杭工作 → works_in_hangzhou=True
不在杭州工作 → works_in_hangzhou=False
在余杭上班 → works_in_hangzhou=True; district=余杭区
我在滨江区一家公司工作 → works_in_hangzhou=True; district=滨江区
我全日制本科 → full_time_college=True; degree=bachelor
非全日制硕士 → full_time_college=False; degree=master
自考本科 → full_time_college=False; degree=bachelor
函授大专 → full_time_college=False; degree=college
我在杭州上大学 → school_in_hangzhou=True
学校在杭州 → school_in_hangzhou=True
学校不在杭州 → school_in_hangzhou=False
在杭高校在校大学生 → school_in_hangzhou=True; student_status=enrolled
我们公司在余杭,员工12人,租了80平的办公室 → district=余杭区@firm; heads=12; rents_office=True; area_m2=80
2021年7月1日起在临安工作 → west_work_start=2021-07-01; works_in_hangzhou=True; district=临安区
我2020年3月1日到淳安上班的 → west_work_start=2020-03-01; works_in_hangzhou=True; district=淳安县
从余杭搬到临安了 → district=临安区
我在西湖区上班 → works_in_hangzhou=True; district=西湖区
我们公司在余杭,员工12人 → district=余杭区@firm; heads=12
我没在杭州上班 → works_in_hangzhou=False
还没来杭州工作 → works_in_hangzhou=False
在杭工作满三年 → works_in_hangzhou=True
本人在杭州一家银行工作 → works_in_hangzhou=True
我是一名在杭州工作的硕士研究生 → works_in_hangzhou=True; degree=master
""",
    "社保": """
社保交了8个月 → insured_months=8
社保交了八个月 → insured_months=8
交了8个月社保 → insured_months=8
社保一年半了 → insured_months=18
社保交了一年半 → insured_months=18
社保满一年 → insured_months=12
参保满一年了 → insured_months=12
交了半年社保 → insured_months=6
社保已经交了10个月了 → insured_months=10
社保才交半年 → insured_months=6
社保刚满6个月 → insured_months=6
连续参保12个月 → insured_months=12
社保交了一年零两个月 → insured_months=14
我社保8个月能领吗 → insured_months=8
五险交了两年 → insured_months=24
我的社保从2023年3月1日开始交的 → insured_since=2023-03-01
社保交了1年3个月 → insured_months=15
社保从去年7月1日开始交的 → insured_since=2023-07-01
公司给我交了十个月社保 → insured_months=10
社保交了两年零三个月 → insured_months=27
社保交了24个月了,博士 → insured_months=24; degree=doctor
五险一金交了一年 → insured_months=12
养老保险交了15年 → insured_months=180
我交了6个月的社保,第一笔能拿吗 → insured_months=6
社保连续8个月没断过 → insured_months=8
参保10个月够不够 → insured_months=10
""",
    "用工": """
招了5个人 → heads=5
雇了3个 → heads=3
我店里雇了两个人 → heads=2
带了4个人就业 → heads=4
员工有6个 → heads=6
员工6人 → heads=6
手下8个人 → heads=8
店里5个人 → heads=5
公司有12个人 → heads=12
一个人都没招 → heads=0
还没招到人 → heads=0
我们厂里有二十个工人 → heads=20
公司12个员工,都交社保 → heads=12
带动就业5人 → heads=5
带动就业人数是七个 → heads=7
第一年招了3个,第二年5个,第三年8个人 → heads_by_year=[3, 5, 8]
第一年3个人第二年5个人 → heads_by_year=[3, 5]
第二年招了5个 → year_index=2; heads=5
今年是第二年 → year_index=2
团队5个人 → team_size=5
我们是5人的团队 → team_size=5
员工5个,哦不,6个员工 → heads=6
去年招了3个人,现在有5个员工 → heads=5
我们招聘了3名残疾人 → heads=3
请了2个阿姨看店 → heads=2
我雇了三個員工 → heads=3
員工有２０人 → heads=20
招了一百二十个人 → heads=120
手底下有十五个员工 → heads=15
目前员工5名 → heads=5
我雇了一个人,够不够3个 → heads=1
一共带动了六个人就业 → heads=6
今年新招了四个大学生 → heads=4
没有员工,就我自己 → heads=0
我带了一个5人团队 → team_size=5
创业团队一共七个人 → team_size=7
今年是享受补贴的第三年 → year_index=3
补贴领到第二年了 → year_index=2
招了 5 个人 → heads=5
""",
    "租房补贴": """
领了2年房补 → years_received=2
房补领了2年 → years_received=2
租房补贴拿了三年了 → years_received=3
没领过房补 → years_received=0
租房补贴我没领过 → years_received=0
老公在领租房补贴 → household_other_receiving=True
我老婆已经领了房补 → household_other_receiving=True
家里没有人领租房补贴 → household_other_receiving=False
老婆没领过租房补贴 → household_other_receiving=False
没拿过 → already_received=False
从来没领过 → already_received=False
以前领过了 → already_received=True
第一次申请 → already_received=False
已经领过一次了 → already_received=True
""",
    "贷款和收入": """
想贷50万 → requested_yuan=500000
我想贷款30万 → requested_yuan=300000
打算贷三十万 → requested_yuan=300000
申请创业担保贷款50万 → requested_yuan=500000
我能贷50万吗 → requested_yuan=500000
需要贷款20万元 → requested_yuan=200000
我要借10w → requested_yuan=100000
想贷三万五 → requested_yuan=35000
年薪15万 → income_yuan=150000
年收入十二万 → income_yuan=120000
一年挣10万 → income_yuan=100000
我一年到手9万8 → income_yuan=98000
银行报的年利率4.5% → quoted_rate=0.045
担保公司收我们1.5%的费率 → quoted_rate=0.015
担保费率报百分之二 → quoted_rate=0.02
担保公司要1个点 → quoted_rate=0.01
想展期6个月 → requested_months=6
展期半年 → requested_months=6
想借五千块 → requested_yuan=5000
贷款金额想要30万 → requested_yuan=300000
我需要50万贷款 → requested_yuan=500000
想申请20万的创业贷款 → requested_yuan=200000
我年薪税前20万元 → income_yuan=200000
年收入85000元 → income_yuan=85000
打算贷款100万 → requested_yuan=1000000
去年收入12万,今年没有 → income_yuan=120000
""",
    "大赛": """
拿了金奖 → medal=gold
挑战杯金奖 → contest=挑战杯; medal=gold
我们项目在挑战杯拿了银奖 → contest=挑战杯; medal=silver
互联网+大赛铜奖 → contest=互联网+; medal=bronze
获得了一等奖 → medal=first_prize
创青春大赛二等奖,项目落地杭州了 → contest=创青春; medal=second_prize
中国创翼优秀奖 → contest=中国创翼; medal=merit
入围了400强 → top400=True
我们进了前400 → top400=True
进了四百强 → top400=True
没进400强 → top400=False
项目还没在杭州落地 → landed_in_hangzhou=False
项目在杭州落地了 → landed_in_hangzhou=True
项目已经落地在余杭了 → landed_in_hangzhou=True; district=余杭区
在创客天下大赛获奖了 → award_won=True
创客天下没获奖 → award_won=False
国赛银奖,挑战杯 → medal=silver; contest=挑战杯
项目拿过挑战杯全国金奖 → contest=挑战杯; medal=gold
得过互联网+省赛银奖 → contest=互联网+; medal=silver
我进了四百强但没落地 → top400=True; landed_in_hangzhou=False
项目拿过互联网+金奖,落地在滨江 → contest=互联网+; medal=gold; landed_in_hangzhou=True; district=滨江区
""",
    "失信": """
被列入失信名单了还能领吗 → discredited=True
我是老赖 → discredited=True
我不是老赖 → discredited=False
没有失信 → discredited=False
没有被列入失信名单 → discredited=False
我没失信记录 → discredited=False
公司没有被列入严重失信名单 → discredited=False@firm
失信了能领吗 → discredited=True
上了征信黑名单 → discredited=True
征信没问题,按时还款 → good_credit=True
信用不好 → good_credit=False
我们公司在失信名单上 → discredited=True@firm
我不在失信名单里 → discredited=False
""",
    "其他": """
我是博士后 → actor=postdoc
我是博士后,在杭州做博士后两年了 → actor=postdoc; admitted_in_hangzhou=True; years=2
带了3个学生 → paired_students=3
结对了3个大学生 → paired_students=3
结对了3个学生和2个团队 → paired_students=3; paired_teams=2
辅导了两个大学生创业团队 → paired_teams=2
我带5个学生,线上讲座做了4次,线下2次 → paired_students=5; online_times=4; offline_times=2
参加了3次线下活动 → offline_times=3
考核优秀 → grade=优秀
园区考核得了良好 → grade=良好
考评不合格 → grade=不合格
考核没通过 → grade=不合格
这次考核结果合格 → grade=合格
40平 → area_m2=40
办公室40平米 → area_m2=40
场地四十平方 → area_m2=40
租了120平方米 → area_m2=120
面积是45.5平 → area_m2=45.5
一平一天3块 → actual_rent_yuan_m2_day=3
一天一平两块五 → actual_rent_yuan_m2_day=2.5
租金每天每平方米2.5元 → actual_rent_yuan_m2_day=2.5
房租2块5一平一天 → actual_rent_yuan_m2_day=2.5
租了100天 → days=100
从2023年8月1日开始租的 → start_date=2023-08-01
2023年8月1日入驻陪跑空间 → start_date=2023-08-01; in_peipao_space=True
我们入驻了陪跑空间 → in_peipao_space=True
公司在陪跑空间里 → in_peipao_space=True
还没入驻陪跑空间 → in_peipao_space=False
我租了办公室 → rents_office=True
公司租了间写字楼 → rents_office=True
办公室是租的 → rents_office=True
没租办公室 → rents_office=False
办公室是自己的 → rents_office=False
在杭州开了公司 → new_enterprise_in_hangzhou=True
我在杭州注册了一家公司 → new_enterprise_in_hangzhou=True
公司注册在余杭 → new_enterprise_in_hangzhou=True; district=余杭区@firm
公司不在杭州 → new_enterprise_in_hangzhou=False
在杭州新开了家企业 → new_enterprise_in_hangzhou=True
我是个体户 → self_employed=True
做个体 → self_employed=True
注册了个体工商户 → self_employed=True
不是个体户 → self_employed=False
毕业当年开的店 → in_graduation_year=True
是大学生创业者 → is_student_entrepreneur=True
我是在校大学生,自己开了公司 → is_student_entrepreneur=True; student_status=enrolled
我是大学生创业者 → actor=student_entrepreneur; is_student_entrepreneur=True
我不是大学生创业者 → is_student_entrepreneur=False
我租了40平,一平一天3块,能补多少 → area_m2=40; actual_rent_yuan_m2_day=3
我们单位有3名博士后 → postdocs=3
招了2个博士后 → postdocs=2
引进了两名国外博士后 → postdocs=2
流动站是国家级的 → level=national
新批了一个省级博士后工作站 → newly_established=True; level=provincial
我们有独立招收资格 → independent_recruit=True
没有独立招收资格 → independent_recruit=False
我在杭州入站 → admitted_in_hangzhou=True
在杭州进站的博士后 → admitted_in_hangzhou=True
我是国外来的博士后 → overseas_postdoc=True
国内博士后 → overseas_postdoc=False
已经出站了 → left_station=True
还没出站 → left_station=False
我还在站 → left_station=False
我是在站博士后 → actor=postdoc; left_station=False
拿到了中国博士后科学基金8万元 → grant_source=中国博士后科学基金; grant_yuan=80000
省科研项目资助20万 → grant_source=省科研项目; grant_yuan=200000
博士后科学基金和省科研项目都有 → grant_source=中国博士后科学基金+省科研项目
我们是中介公司 → is_agency=True
介绍了3名博士后进站 → entered_postdocs=3
已完成进站5人 → entered_postdocs=5
我们创业园已经认定了 → recognized=True
园区还没认定 → recognized=False
我们是市级留学人员创业园 → levels=['municipal']
认定为省级留学人员创业园 → levels=['provincial']
留创园已经是市级、省级 → levels=['municipal', 'provincial']
成功创建了国家级创业孵化示范基地 → national_recognized=True
新建了3个指导站 → new_stations=3
新建了2个大学生就业创业指导站 → new_stations=2
批了20万 → approved_yuan=200000
批准资助金额30万元 → approved_yuan=300000
项目资助拿到了20万 → award_yuan=200000
通过了项目评审 → review_passed=True
评审没过 → review_passed=False
评审过了 → review_passed=True
评为优秀项目 → excellent=True
入选了杰出创业人才 → selected=True
没入选杰出创业人才 → selected=False
我是高层次留学回国人员 → high_level_returnee=True; graduate_kind=returnee
是特别项目 → special_project=True
进了科技型中小企业库 → in_registry=True
还没入库科技型 → in_registry=False
我们是科技型中小企业 → in_registry=True
研发费用100万 → rd_expense_yuan=1000000
去年研发投入一共80万元 → rd_expense_yuan=800000
已经领了3万房租补贴 → received_yuan=30000
从2023年3月开始领补贴 → first_month=2023-03
2023年3月起享受带动就业补贴 → first_month=2023-03
因为台风店被淹了 → hardship=True
受了灾 → hardship=True
店里正常经营 → project_normal=True
经营正常 → project_normal=True
店倒闭了 → project_normal=False
贷款2024年3月15日到期 → due_date=2024-03-15
场地总面积5000平,免费提供1500平 → total_m2=5000; free_m2=1500
是政府投资开发的 → gov_invested=True
天使基金规模是2亿 → fund_yuan=200000000
三级引导基金共同出资6000万 → joint_yuan=60000000
授信额度500万 → credit_yuan=5000000
给50个骑手买了保险 → people=50
毕业后一直没找到工作 → person=unemployed_graduate
认定的就业困难人员 → person=certified_hardship
2023年6月30日离校 → leave_school_date=2023-06-30
我在灵活就业 → flexible_employment=True
办了灵活就业登记 → flexible_employment=True
我带着两个徒弟 → paired_students=2
我是导师,线上做了十次讲座,线下两场 → actor=mentor; online_times=10; offline_times=2
园区考核是良好,已经认定了 → grade=良好; recognized=True
研发费用去年花了120.5万 → rd_expense_yuan=1205000
租金2.5元/平方米/天 → actual_rent_yuan_m2_day=2.5
我们场地50平米,租了365天,每平米每天3.5元 → area_m2=50; days=365; actual_rent_yuan_m2_day=3.5
办公室150平,月租8000 → area_m2=150
办公面积一百二十平方米 → area_m2=120
房租一天每平方4块 → actual_rent_yuan_m2_day=4
入选了杰出创业人才培育对象 → selected=True
我在滨江办了公司,招了4个人,租了60平 → new_enterprise_in_hangzhou=True; district=滨江区; heads=4; area_m2=60
公司注册在滨江区,今年3月成立的 → new_enterprise_in_hangzhou=True; district=滨江区@firm
公司不是在杭州注册的 → new_enterprise_in_hangzhou=False
我是在站博士后,国外回来的 → actor=postdoc; left_station=False
博士后出站了,留在杭州工作 → left_station=True; works_in_hangzhou=True
今年进站的博士后3名 → entered_postdocs=3
我们是国家级博士后工作站,新设立的 → level=national; newly_established=True
去年拿了中国博士后科学基金15万 → grant_source=中国博士后科学基金; grant_yuan=150000
我是创业导师,带了4个大学生,2个团队 → actor=mentor; paired_students=4; paired_teams=2
做了6次线上、3次线下服务 → online_times=6; offline_times=3
线下参加了两次,线上五次 → offline_times=2; online_times=5
我们园是市级大学生创业园,去年考核优秀 → grade=优秀
自己开了个体户 → self_employed=True
没办个体户 → self_employed=False
我是导师,带2名大学生,线上5次,线下3次 → actor=mentor; paired_students=2; online_times=5; offline_times=3
""",
    "别人的事": """
我儿子是硕士 → degree=master@child
我儿子今年本科毕业,硕士还没考上 → graduate_kind=fresh@child; student_status=graduated@child
公司招了3个硕士 → heads=3; degree=master@other
招一个硕士补多少 → degree=master@other
我老公是外籍 → graduate_kind=foreign@spouse
儿子28岁,博士 → age=28@child; degree=doctor@child
我爸58岁 → age=58@other
员工是硕士 → degree=master@other
我老公是失信人 → discredited=True@spouse
我儿子是硕士,我想问他能领多少,他在杭州上班 → degree=master@child; works_in_hangzhou=True@child
帮我女儿问一下,她大专,28岁 → degree=college@child; age=28@child
硕士毕业的儿子来杭州工作 → degree=master@child; student_status=graduated@child; works_in_hangzhou=True@child
我朋友是博士,他领了10万,我是硕士 → degree=doctor@other; degree=master
我同学博士,我本科 → degree=doctor@other; degree=bachelor
我老婆是博士,在杭州上班,我在老家 → degree=doctor@spouse; works_in_hangzhou=True@spouse
我公司去年招了5个应届生,今年想再招2个 → heads=5; graduate_kind=fresh@other
我男朋友是海归 → graduate_kind=returnee@other
老公在余杭,我在滨江上班 → district=余杭区@spouse; works_in_hangzhou=True; district=滨江区
我娃今年刚从学校出来,读的大专 → degree=college@child
我女儿读大二 → student_status=enrolled@child
孩子还在上高中 → degree=below_college@child
我哥是老赖 → discredited=True@other
对象是硕士 → degree=master@other
老板是博士 → degree=doctor@other
女儿大专,在余杭上班 → degree=college@child; works_in_hangzhou=True@child; district=余杭区@child
我学生是硕士 → degree=master@other
在杭州工作的朋友说能领 → works_in_hangzhou=True@other
招了5个,都是应届 → heads=5; graduate_kind=fresh@other
我囡囡本科 → degree=bachelor@child
""",
    "假设": """
博士补贴50万对吧 → degree=doctor?
硕士能领多少 → degree=master?
要是我是博士能拿多少 → degree=doctor?
如果读了硕士呢 → degree=master?
往届生能领吗 → graduate_kind=other?
海归补贴多少 → graduate_kind=returnee?
想来杭州工作 → works_in_hangzhou=True?
打算去杭州上班 → works_in_hangzhou=True?
社保交满12个月能领第二笔吗 → insured_months=12?
连续参保满6个月发放第一笔对吗 → insured_months=6?
如果社保交满12个月呢 → insured_months=12?
带动3人就业补2000对吧 → heads=3?
带动5人就业能拿多少 → heads=5?
招5个人能领多少 → heads=5?
要是招5个呢 → heads=5?
要是招5个人能领多少 → heads=5?
打算招5个 → heads=5?
准备招三个人 → heads=3?
第二年还能领吗 → year_index=2?
入围400强能拿多少 → top400=True?
入驻创业陪跑空间有补贴吗 → in_peipao_space=True?
打算入驻陪跑空间 → in_peipao_space=True?
想在杭州开公司 → new_enterprise_in_hangzhou=True?
听说博士补贴10万是吗 → degree=doctor?
网上说带动3个人就业补2000,我现在带了5个人 → heads=3?; heads=5
假如招10个人能拿多少 → heads=10?
我打算明年招8个人 → heads=8?
我要招5个人 → heads=5?
等毕业以后在杭州工作 → works_in_hangzhou=True?
比如我是海归 → graduate_kind=returnee?
我是硕士的话能领多少 → degree=master?
招5个的话呢 → heads=5?
我明年研究生毕业 → student_status=enrolled; degree=master?
准备去杭州就业 → works_in_hangzhou=True?
打算在余杭开个公司,招三个人 → new_enterprise_in_hangzhou=True?; district=余杭区?; heads=3?
如果我是博士,能领多少?我现在是硕士 → degree=doctor?; degree=master
我是本科,要是硕士能领多少 → degree=bachelor; degree=master?
硕士毕业能领3万吗 → degree=master?; student_status=graduated?
大专能落户吗 → degree=college?
博士可以先落户再就业吗 → degree=doctor?
给硕士发多少 → degree=master?
""",
    "什么也没说": """
不是硕士 → -
硕士和博士哪个多 → -
本科还是大专 → -
本科、硕士、博士分别补多少 → -
是不是3万 → -
本科及以上学历 → -
我拿了一本证书 → -
高中老师 → -
我考研究生失败了 → -
我想考博士 → -
大学毕业生有什么补贴 → -
我是大学生 → -
我不是应届生 → -
非应届 → -
我怎么才算应届 → -
大一点的公司 → -
毕业5年内的高校毕业生 → -
快35了 → -
快35岁了 → -
三十多岁 → -
三十来岁 → -
35岁以下 → -
不到35岁 → -
35岁左右 → -
两三个人 → -
95后 → -
虚岁36 → -
我95年的 → -
1990年5月出生 → -
年龄限制35岁吗 → -
以前在杭州工作 → -
在杭州找工作 → -
在杭州工作过 → -
必须在杭州工作吗 → -
要在杭州工作才能领吗 → -
社保补缴了3个月 → -
社保交了8个月,中间断过 → -
社保快一年了 → -
社保交了七八个月 → -
社保交了一年多 → -
社保不到半年 → -
社保要交几个月 → -
社保要交满6个月吗 → -
社保差一个月满半年 → -
2023年3月开始交社保 → -
招了三五个人 → -
招了五六个 → -
招了十几个人 → -
大概5个人 → -
至少招3个人 → -
每带动1人给多少 → -
再招2个 → -
我想再招2个人 → -
没招人 → -
没招5个人 → -
毕业第二年 → -
我公司开了第3年了 → -
请了3天假 → -
线上300元/次 → -
能贷50万吗 → -
最高能贷50万对吧 → -
想贷三五十万 → -
想贷20到30万 → -
想贷50 → -
贷了50万还没还 → -
一年收入八万左右 → -
月薪8000 → -
补贴50万 → -
奖励20万是真的吗 → -
租房补贴能领3年 → -
没拿过奖 → -
我是硕士吗 → -
硕士吗? → -
金奖和银奖差多少 → -
金、银、铜奖各多少 → -
互联网+行业有补贴吗 → -
没拿到金奖 → -
400强是什么 → -
失信人员可以申请吗 → -
我有没有被列入失信名单 → -
优秀良好合格分别给多少 → -
考核优秀、良好、合格各给多少 → -
50平以内 → -
补贴最高每天3元/平方米吗 → -
租办公用房有补贴吗 → -
个体户能领吗 → -
大学生创业有什么补贴 → -
补贴是一平一天3块吗 → -
出站留杭补多少 → -
利率是不是3% → -
研发花了三十多万 → -
想延一年 → -
送外卖算灵活就业吗 → -
等我毕业了再说 → -
不好意思说错了,应该是6个人,不是5个人 → -
我是学生家长 → -
学历不够怎么办 → -
你们博士工作站在哪 → -
研究生导师推荐的 → -
我在博士后工作站附近上班 → -
硕士生导师 → -
我女儿考上了研究生 → -
一个人创业 → -
我一个人 → -
员工月薪5000 → -
我是外卖员 → -
我想贷款但不知道能贷多少 → -
利息多少 → -
房租一个月3000 → -
补贴有3000吗 → -
我2024年入职的,第二笔还有吗 → -
我在余杭区和临安区都有店 → -
南昌西湖区 → -
西湖边上班 → -
线上城市 → -
钱塘江边 → -
萧山机场附近 → -
早上城里堵车 → -
我是大学生,在校期间创业 → -
大一大二可以吗 → -
大一点的办公室 → -
2024年毕业 → -
我24届的 → -
毕业证还没拿到 → -
30号毕业 → -
今年整四十 → -
四十出头 → -
五十好几 → -
今年三十五六岁 → -
我三十五六了 → -
60岁以上能领吗 → -
小我三岁 → -
宝宝8个月 → -
怀孕8个月了,社保能报吗 → -
社保一直交着 → -
没读过研究生 → -
我又不是博士 → -
我现在没有工作 → -
单位没给我交社保 → -
社保刚交了仨月 → -
社保累计交了8个月 → -
交社保满半年了吗 → -
需要交多少个月社保 → -
我们厂招了二十来个人 → -
厂里百来号人 → -
店里雇了仨人 → -
招聘3人以上有补贴吗 → -
公司就我一个人 → -
想招几个人 → -
招人难 → -
应届还是往届 → -
毕业超过5年了 → -
我没毕业证 → -
我想贷个二三十万 → -
贷款50万要什么条件 → -
创业贷款最高50万吗 → -
我想要50万补贴 → -
能不能给我20万 → -
房补一年1万对吧 → -
我年收入不到10万 → -
年收入大概八万 → -
月租2000 → -
场地大概50平 → -
租了半年 → -
征信有点问题 → -
以前失信过 → -
信用没问题吧 → -
参加了挑战杯 → -
杭州大学生创业大赛400强 → -
没得奖 → -
还没注册公司 → -
考核没拿到优秀 → -
什么时候考核 → -
我不是大学生,能贷款吗 → -
我不清楚我算不算应届 → -
不知道社保交了几个月 → -
""",
}

# the fact that was asked for | the answer → what it states
ANSWERED = """
heads | 不好意思说错了,应该是6个人,不是5个人 → heads=6
heads | 5个,都是应届 → heads=5; graduate_kind=fresh@other
heads | 我们公司现在有5个人 → heads=5
heads | 二三十个 → -
heads | 5个左右 → -
age | 三十五周岁 → age=35
insured_months | 十个月了 → insured_months=10
insured_months | 1年半 → insured_months=18
district | 公司在余杭 → district=余杭区@firm
years_received | 一年都没有 → years_received=0
discredited | 没有被列入 → discredited=False
discredited | 从来没有 → discredited=False
rents_office | 租了 → rents_office=True
rents_office | 没租 → rents_office=False
in_peipao_space | 还没入驻 → in_peipao_space=False
full_time_college | 是的,全日制 → full_time_college=True
works_in_hangzhou | 在杭州 → works_in_hangzhou=True
works_in_hangzhou | 我在杭州上班 → works_in_hangzhou=True
works_in_hangzhou | 在上海 → -
works_in_hangzhou | 打算去 → -
degree | 我也不知道怎么算 → -
degree | 本科啊 → degree=bachelor
degree | 研究生吧 → degree=master
degree | 就高中 → degree=below_college
degree | 大学 → -
medal | 不知道 → medal=None
graduate_kind | 应届毕业生 → graduate_kind=fresh
graduate_kind | 算海归吧 → graduate_kind=returnee
first_month | 2023-03 → first_month=2023-03
first_month | 今年3月份 → first_month=2024-03
first_month | 3月 → -
income_yuan | 不方便透露 → income_yuan=None
requested_yuan | 20万左右 → -
requested_yuan | 20万吧 → requested_yuan=200000
area_m2 | 四五十平 → -
heads | 5个 → heads=5
heads | 五个人 → heads=5
heads | 我们招了5个 → heads=5
heads | 两三个 → -
heads | 没有 → heads=0
heads | 一个都没有 → heads=0
heads | 大概5个 → -
heads | 5 → heads=5
heads | 十二个吧 → heads=12
heads | 不知道 → heads=None
heads | 不清楚 → heads=None
heads | 跳过 → heads=None
heads | 不想说 → heads=None
heads | 保密 → heads=None
degree | 硕士 → degree=master
degree | 硕 → degree=master
degree | 研究生 → degree=master
degree | 本科 → degree=bachelor
degree | 大专 → degree=college
degree | 大专以下 → degree=below_college
degree | 专科 → degree=college
degree | 高中 → degree=below_college
degree | 不想说 → degree=None
degree | 博士后 → -
degree | 我是双一流的 → -
degree | 不是硕士 → -
degree | 哪个学历都行吗 → -
graduate_kind | 应届 → graduate_kind=fresh
graduate_kind | 其他 → graduate_kind=other
graduate_kind | 都不是 → graduate_kind=other
graduate_kind | 海归 → graduate_kind=returnee
graduate_kind | 回国留学人员 → graduate_kind=returnee
student_status | 毕业了 → student_status=graduated
student_status | 在校 → student_status=enrolled
student_status | 在读 → student_status=enrolled
student_status | 已经毕业 → student_status=graduated
age | 三十五 → age=35
age | 35 → age=35
age | 35岁半 → age=35
age | 快35了 → -
age | 我今年35 → age=35
insured_months | 8个月 → insured_months=8
insured_months | 一年半 → insured_months=18
insured_months | 半年 → insured_months=6
insured_months | 8 → insured_months=8
insured_months | 没交过 → insured_months=0
insured_months | 两年多 → -
insured_months | 七八个月 → -
works_in_hangzhou | 是的 → works_in_hangzhou=True
works_in_hangzhou | 不是 → works_in_hangzhou=False
works_in_hangzhou | 没有 → works_in_hangzhou=False
works_in_hangzhou | 对 → works_in_hangzhou=True
works_in_hangzhou | 嗯 → works_in_hangzhou=True
works_in_hangzhou | 在的 → works_in_hangzhou=True
works_in_hangzhou | 不在 → works_in_hangzhou=False
works_in_hangzhou | 还没有 → works_in_hangzhou=False
works_in_hangzhou | 对了,我想问落户 → -
works_in_hangzhou | 不是,我问的是租房 → -
works_in_hangzhou | 是吗 → -
works_in_hangzhou | 说不准 → works_in_hangzhou=None
already_received | 没有 → already_received=False
already_received | 领过 → already_received=True
already_received | 没 → already_received=False
already_received | 有 → already_received=True
discredited | 没有 → discredited=False
discredited | 没有啊,怎么会 → -
district | 余杭 → district=余杭区
district | 西湖 → district=西湖区
district | 临安 → district=临安区
district | 在富阳 → district=富阳区
district | 千岛湖 → district=淳安县
first_month | 去年6月 → first_month=2023-06
first_month | 2023年3月 → first_month=2023-03
graduation_date | 去年6月 → -
graduation_date | 2021年6月30日 → graduation_date=2021-06-30
graduation_date | 2021-06-30 → graduation_date=2021-06-30
graduation_date | 去年6月30号 → graduation_date=2023-06-30
birth_date | 90年3月5日 → birth_date=1990-03-05
requested_yuan | 50万 → requested_yuan=500000
requested_yuan | 50 → -
requested_yuan | 三十万 → requested_yuan=300000
requested_yuan | 五万块 → requested_yuan=50000
requested_yuan | 两三万 → -
income_yuan | 十二万五 → income_yuan=125000
income_yuan | 85000 → income_yuan=85000
quoted_rate | 1.5% → quoted_rate=0.015
quoted_rate | 百分之三 → quoted_rate=0.03
quoted_rate | 一点五 → -
area_m2 | 40 → area_m2=40
area_m2 | 四十五平 → area_m2=45
area_m2 | 33.5平方米 → area_m2=33.5
actual_rent_yuan_m2_day | 2块5 → actual_rent_yuan_m2_day=2.5
actual_rent_yuan_m2_day | 三块 → actual_rent_yuan_m2_day=3
actual_rent_yuan_m2_day | 2.5 → actual_rent_yuan_m2_day=2.5
years | 两年 → years=2
years | 1.5年 → years=1.5
years | 2 → years=2
years_received | 没领过 → already_received=False; years_received=0
years_received | 两年 → years_received=2
years_received | 2 → years_received=2
years_received | 没有 → years_received=0
year_index | 第二年 → year_index=2
year_index | 2 → year_index=2
heads_by_year | 3、5、8 → heads_by_year=[3, 5, 8]
heads_by_year | 3,5,8 → heads_by_year=[3, 5, 8]
heads_by_year | 第一年3个第二年5个 → heads_by_year=[3, 5]
medal | 金 → medal=gold
medal | 二等奖 → medal=second_prize
medal | 铜奖 → medal=bronze
contest | 互联网+ → contest=互联网+
contest | 挑战杯 → contest=挑战杯
grade | 优秀 → grade=优秀
grade | 不合格 → grade=不合格
level | 国家级 → level=national
level | 省级的 → level=provincial
levels | 市级和省级 → levels=['municipal', 'provincial']
actor | 导师 → actor=mentor
actor | 企业 → actor=enterprise
person | 其他 → person=other
grant_source | 两项都有 → grant_source=中国博士后科学基金+省科研项目
grant_source | 省科研项目 → grant_source=省科研项目
days | 100天 → days=100
team_size | 6个人 → team_size=6
medal | 没拿奖 → -
paired_students | 3个 → paired_students=3
online_times | 四次 → online_times=4
requested_months | 半年 → requested_months=6
"""

POLICY = """
符合条件的在校大学生和毕业5年内高校毕业生,可享受3000元的一次性创业补贴和5000元的一次性创业社保补贴。带动3人就业且符合相关条件的,可享受每年2000元的创业带动就业补贴
对来杭工作符合条件的全球本科及以上学历应届毕业生发放租房补贴,每户每年发放1万元,可发放3年
对被列入国家、省、市严重失信主体名单的大学生创业者和企业,不予提供财政资金支持
对获得中国博士后科学基金和省科研项目资助的,市财政按1:1比例给予配套资助
全日制普通高校大专及以上学历毕业生(大专35周岁以下,本科45周岁以下,硕士50周岁以下)在杭落实工作可以落户杭州市区
每两年对市级大学生创业园进行考核,按考核优秀、良好、合格3个等次分别给予30万元、20万元、10万元资助
在校大学生和毕业5年以内的高校毕业生创办经营实体入驻创业陪跑空间,符合条件的可申领50平方米以内的场地租金补贴
"""

# Facts of documents and of staff, and what no everyday phrase gives: asked for, not read from a message.
LEFT_UNREAD = {
    "actual", "eligible", "enjoying", "enterprises", "founders", "heads_by_year", "jobs", "limit_yuan",
    "metric", "passed", "question", "selected_count", "taxes", "total", "urban_income_yuan",
}  # fmt: skip


def said() -> list[tuple[str, str]]:
    lines = [line for lines in SAID.values() for line in lines.strip().splitlines()]
    return [cast("tuple[str, str]", tuple(line.split(" → "))) for line in lines]


def answered() -> list[tuple[str, str, str]]:
    pairs = [line.split(" → ") for line in ANSWERED.strip().splitlines()]
    return [(*cast("tuple[str, str]", tuple(left.split(" | "))), right) for left, right in pairs]


def shown(readings: tuple[FactReading, ...]) -> str:
    return "; ".join(map(one_shown, readings)) or "-"


def one_shown(reading: FactReading) -> str:
    own = "firm" if FACTS[reading.name].whose == "firm" else "self"
    whose = "" if reading.whose == own else f"@{reading.whose}"
    return f"{reading.name}={reading.value}{whose}{'?' if reading.hypothetical else ''}"


def check(text: str, readings: tuple[FactReading, ...]) -> None:
    for reading in readings:
        assert reading.words
        assert reading.words in text
        assert reading.whose in {"self", "child", "spouse", "firm", "other"}
        if reading.value is not None:
            FACTS[reading.name].read(reading.value, AS_OF)


@pytest.mark.parametrize(("message", "expected"), said())
def test_what_a_message_states_is_read_and_nothing_else(message: str, expected: str) -> None:
    text = normalized(message)
    readings = read_facts(text, FACTS, AS_OF)
    assert shown(readings) == expected
    check(text, readings)


@pytest.mark.parametrize(("asked", "message", "expected"), answered())
def test_a_bare_answer_is_read_as_the_fact_that_was_asked_for(
    asked: str, message: str, expected: str
) -> None:
    text = normalized(message)
    readings = read_facts(text, FACTS, AS_OF, asked)
    assert shown(readings) == expected
    check(text, readings)


@pytest.mark.parametrize(
    "message", ["5个", "三十五", "是的", "没有", "不知道", "50万", "去年6月", "一年半", "两年"]
)
def test_a_bare_answer_to_no_question_states_nothing(message: str) -> None:
    assert read_facts(message, FACTS, AS_OF) == ()


@pytest.mark.parametrize("passage", POLICY.strip().splitlines())
def test_a_passage_of_a_policy_states_nothing_about_the_person(passage: str) -> None:
    assert read_facts(normalized(passage), FACTS, AS_OF) == ()


def test_a_letter_keeps_the_facts_of_each_person_apart() -> None:
    letter = (
        "您好,我是去年6月从英国留学回来的硕士,今年27岁,在滨江区一家互联网公司上班,社保从去年9月开始交,"
        "到现在交了九个月。我爱人是本科应届,也在杭州工作。想问下生活补贴我能领多少?"
        "还有我表弟在读研究生,想在杭州开公司,打算招3个人,他能不能贷50万?谢谢"
    )
    readings = read_facts(letter, FACTS, AS_OF)
    check(letter, readings)
    by_person: dict[str, set[str]] = {}
    for reading in readings:
        by_person.setdefault(reading.whose, set()).add(
            f"{reading.name}={reading.value}{'?' if reading.hypothetical else ''}"
        )
    assert by_person == {
        "self": {
            "graduate_kind=returnee", "degree=master", "age=27", "works_in_hangzhou=True", "district=滨江区",
            "insured_months=9",
        },
        "spouse": {"degree=bachelor", "graduate_kind=fresh", "works_in_hangzhou=True"},
        "other": {
            "degree=master", "student_status=enrolled", "new_enterprise_in_hangzhou=True?", "heads=3?",
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("我不是老赖", "不是老赖"),
        ("我还没入驻陪跑空间", "还没入驻陪跑空间"),
        ("社保交了一年半了", "社保交了一年半"),
        ("招了 5 个人", "招了 5 个人"),
        ("我今年三十五岁半", "三十五岁"),
    ],
)
def test_the_words_are_those_that_the_value_rests_on(message: str, words: str) -> None:
    assert [reading.words for reading in read_facts(message, FACTS, AS_OF)] == [words]


def test_a_year_is_read_as_of_the_day_of_asking() -> None:
    before, after = date(2020, 1, 1), date(2022, 1, 1)
    assert shown(read_facts("2021年毕业", FACTS, before)) == "student_status=enrolled"
    assert shown(read_facts("2021年毕业", FACTS, date(2021, 5, 1))) == "-"
    assert shown(read_facts("2021年毕业", FACTS, after)) == "student_status=graduated"
    assert (
        shown(read_facts("去年6月30日毕业", FACTS, after))
        == "graduation_date=2021-06-30; student_status=graduated"
    )


@pytest.mark.parametrize("message", ["我今年200岁", "明年3月5日出生", "2021年2月30日毕业证", "社保交了99年"])
def test_what_the_fact_does_not_accept_is_not_read(message: str) -> None:
    assert read_facts(message, FACTS, AS_OF) == ()


def test_every_fact_has_its_phrases_or_is_left_unread_on_purpose() -> None:
    tables = tomllib.loads(PHRASES.read_text(encoding="utf-8"))
    assert set(tables) <= set(FACTS)
    assert set(FACTS) - set(tables) == LEFT_UNREAD


def test_every_fixed_value_is_one_that_the_fact_accepts() -> None:
    for name, table in tomllib.loads(PHRASES.read_text(encoding="utf-8")).items():
        for value in table.get("values", {}):
            FACTS[name].read(int(value) if value.isdecimal() else value, AS_OF)


def test_reading_takes_less_than_a_millisecond_a_message() -> None:
    messages = [normalized(message) for message, _ in said()]
    assert min(seconds_for(messages) for _ in range(3)) / len(messages) < 0.001


def seconds_for(messages: list[str]) -> float:
    start = time.perf_counter()
    for message in messages:
        read_facts(message, FACTS, AS_OF)
    return time.perf_counter() - start


@pytest.mark.parametrize(
    "unit",
    [
        "贷款",
        "想贷款",
        "万",
        "两",
        "1",
        "1,",
        "硕士",
        "我是硕士",
        "社保交了",
        "没有",
        "就是",
        "一个都",
        "招人",
        "第一年3个",
        "国家级",
        "2021年",
        " ",
    ],
)
def test_a_message_that_repeats_itself_is_read_in_time(unit: str) -> None:
    message = unit * (2000 // len(unit))
    start = time.perf_counter()
    check(message, read_facts(message, FACTS, AS_OF, "heads"))
    assert time.perf_counter() - start < 5
