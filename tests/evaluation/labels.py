"""Which of our entries a third party's label means; what is not here is none of ours."""

TOPICS: dict[str, tuple[str, ...]] = {
    label: tuple(codes.split())
    for label, codes in {
        "xac_nhan_hon_nhan": "1.004873",
        "khai_sinh": "1.001193 3.000722",
        "khai_tu": "1.000656 2.002913",
        "ket_hon": "1.000894",
        "cha_me_con": "1.001022 1.000689",
        "ket_hon_nn": "2.000806",
        "khuyet_tat": "1.001699",
        "tho_cung_liet_si": "1.010803",
        "than_nhan_nguoi_co_cong": "1.010833",
        "mai_tang": "1.001731 1.014028",
        "tro_cap_xa_hoi": "1.001776 1.014027",
        "nguoi_co_cong_tu_tran": "1.010824",
        "huu_tri_xa_hoi": "1.014027",
        "giay_phep_xay_dung": "1.013225 1.013229",
        "thong_tin_quy_hoach": "1.014159",
        "dang_ky_dat_dai": "1.013978",
        "lap_ho_kinh_doanh": "1.001612",
        "doi_ho_kinh_doanh": "2.000720",
        "tam_ngung_kinh_doanh": "1.001570",
        "cham_dut_kinh_doanh": "1.001266",
        "cap_lai_gcn_hkd": "2.000575",
        "chung_thuc": "2.000884 2.001035 2.001019",
        "cccd_cap_moi": "1.116410",
        "cccd_cap_lai": "1.116410",
        "cccd_cap_doi": "1.116410",
        "gia_han_tam_tru": "1.002755",
        "thong_bao_luu_tru": "2.001159",
        "xoa_thuong_tru": "1.003197",
    }.items()
}

# out of the third party's scope, but within ours
TRULY_OURS = {
    "Thủ tục đăng ký nghĩa vụ quân sự": ("1.013133",),
    "Thủ tục nhập khẩu cho con vào hộ khẩu ông bà": ("1.004222",),
    "Cấp giấy chứng nhận vệ sinh an toàn thực phẩm": ("1.013855",),
    "Xin cấp lại sổ bảo hiểm xã hội bị mất": ("1.002759",),
}

INTENTS: dict[str, tuple[str, ...]] = {
    label: tuple(codes.split())
    for label, codes in {
        "ask_dang_ky_khai_sinh": "1.001193 3.000722",
        "ask_dang_ky_ket_hon_online": "1.000894",
        "ask_giay_xac_nhan_cu_tru": "1.010041",
        "ask_khai_bao_tam_tru": "1.004194",
        "ask_giay_xac_nhan_doc_than": "1.004873",
        "ask_giay_xac_nhan_hon_nhan": "1.004873",
        "ask_sua_ten_khai_sinh": "1.004859",
        "ask_chuyen_ho_khau": "1.004222",
        "ask_dang_ky_thuong_tru": "1.004222",
        "ask_ket_hon_nguoi_nuoc_ngoai": "2.000806",
        "ask_ket_hon_nuoc_ngoai": "2.000806",
        "ask_dang_ky_khai_tu": "1.000656",
        "ask_giay_phep_xay_dung": "1.013225",
        "ask_giay_phep_xay_dung_nha": "1.013225",
        "ask_nhan_cha_con": "1.001022",
        "ask_giay_chung_nhan_ket_hon": "1.000894",
        "ask_ho_tro_mai_tang": "1.001731 1.014028 1.010824",
        "ask_tro_cap_khuyet_tat": "1.001776 1.001699",
        "ask_giay_chung_nhan_ho_ngheo": "1.011606 1.011607",
        "ask_dinh_danh_dien_tu": "3.000228",
        "ask_doi_cmnd_sang_cccd": "1.116410",
        "ask_cccd_gap_chip": "1.116410",
        "ask_mat_giay_khai_sinh": "1.004884 2.000635",
        "ask_cap_lai_khai_sinh": "1.004884 2.000635",
    }.items()
}
