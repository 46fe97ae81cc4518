"""The articles that verdicts rest on, and the words of indicators.

An article is one text in both languages, ``《…》第…条 · … art. …``; what the statutes
say is told in ``docs/tenders.md``.
"""

from __future__ import annotations

ART_34 = "《招标投标法实施条例》第三十四条第二款 · Tendering and Bidding Regulation art. 34(2)"
ART_34_1 = "《招标投标法实施条例》第三十四条第一款 · Tendering and Bidding Regulation art. 34(1)"
ART_40 = "《招标投标法实施条例》第四十条 · Tendering and Bidding Regulation art. 40"
ART_18 = "《政府采购法实施条例》第十八条第一款 · Government Procurement Regulation art. 18(1)"
ART_18_2 = "《政府采购法实施条例》第十八条第二款 · Government Procurement Regulation art. 18(2)"
ART_9 = "《政府采购法实施条例》第九条 · Government Procurement Regulation art. 9"
ART_12 = "《政府采购法》第十二条 · Government Procurement Law art. 12"
ART_22 = "《政府采购法》第二十二条 · Government Procurement Law art. 22"
ART_19 = "《政府采购法实施条例》第十九条 · Government Procurement Regulation art. 19"
ART_178 = "《公司法》（2023年修订）第一百七十八条 · Company Law (2023) art. 178"
# Not compared with the published text; said with every answer that cites it.
ORDER_87 = (
    "财政部令第87号第三十七条（条文待核） · Ministry of Finance Order 87 art. 37 (to be checked)"
)

INDICATORS: dict[str, tuple[str, str]] = {
    "same_head": ("单位负责人为同一人", "one person heads both"),
    "control": ("存在控股或管理关系（直接或间接）", "one controls or administers the other"),
    "direct_control": ("存在直接控股或管理关系", "one directly controls or administers the other"),
    "indirect_control": ("存在间接控股关系", "one indirectly controls the other"),
    "possible_control": ("持股比例不详，可能存在控股关系", "unknown shares may make a control"),
    "common_controller": ("受同一主体控制", "one party controls both"),
    "former_same_head": ("单位负责人曾为同一人", "one person headed both"),
    "former_direct_control": ("曾存在直接控股或管理关系", "one directly controlled the other"),
    "same_preparer": ("投标文件由同一单位或个人编制", "one preparer of both bids"),
    "same_agent": ("委托同一单位或个人办理投标事宜", "one agent for both bids"),
    "same_project_manager": ("项目管理成员为同一人", "one project manager in both bids"),
    "same_deposit_account": ("保证金从同一账户转出", "deposits from one account"),
    "price_series": ("报价呈规律性差异", "prices step regularly"),
    "identical_price": ("报价相同", "identical prices"),
    "same_device": ("投标设备相同", "bids made on one device"),
    "same_address": ("投标文件载明的地址相同", "one address in both bids"),
    "same_phone": ("投标文件载明的电话相同", "one phone in both bids"),
    "shared_address": ("登记地址相同", "a shared address"),
    "shared_phone": ("登记电话相同", "a shared phone"),
    "shared_email": ("登记邮箱相同", "a shared e-mail address"),
    "shared_account": ("银行账户相同", "a shared bank account"),
    "shared_device": ("设备相同", "a shared device"),
    "shared_shareholder": ("有共同股东", "a shared shareholder"),
    "shared_executive": ("有共同董事、监事或高级管理人员", "a shared executive"),
    "tie": ("存在关联路径", "tied within k hops"),
}
DEEMED = (
    "same_preparer",
    "same_agent",
    "same_project_manager",
    "same_deposit_account",
    "price_series",
)
